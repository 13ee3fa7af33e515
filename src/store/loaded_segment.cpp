#include "store/loaded_segment.h"

#include <algorithm>

#include "store/bytes.h"
#include "store/journal_files.h"
#include "store/segment.h"

namespace rm {

Result<LoadedSegment> LoadedSegment::load(const std::filesystem::path& file) {
  auto bytes = load_journal_file(file);
  if (!bytes) return std::unexpected{bytes.error()};
  LoadedSegment loaded;
  loaded.bytes_ = std::move(*bytes);
  loaded.end_ = std::min(kSegmentHeader, loaded.bytes_.size());
  for (ReadRecord next = read_record(loaded.behind()); next.kind == ReadRecord::Kind::Record;
       next = read_record(loaded.behind())) {
    loaded.records_.push_back({next.record, loaded.behind().first(next.bytes)});
    loaded.end_ += next.bytes;
  }
  return loaded;
}

bool LoadedSegment::only_zeros() const {
  return rm::only_zeros(bytes_);
}

bool LoadedSegment::is_of(std::uint64_t segment) const {
  return segment_number(bytes_) == segment;
}

bool LoadedSegment::zeros_behind() const {
  return rm::only_zeros(behind());
}

// Whole records that stand behind show that it was changed, not cut.
bool LoadedSegment::ends_within_a_record() const {
  if (holds_a_record(behind())) return false;
  if (behind().size() < kRecordHeader) return true;
  return ByteReader{behind()}.take<std::uint32_t>() > behind().size() - kRecordHeader + 1;
}

}  // namespace rm
