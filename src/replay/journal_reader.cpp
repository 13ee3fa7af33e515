#include "replay/journal_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store/bytes.h"
#include "store/ordinary_file.h"
#include "store/segment.h"

namespace rm {

Result<JournalReader> JournalReader::open(const std::filesystem::path& dir) {
  std::error_code code;
  const auto status = std::filesystem::status(dir, code);
  if (status.type() == std::filesystem::file_type::not_found)
    return fail(ErrorCode::NotFound, fmt::format("{} does not exist", dir.string()));
  if (!code && status.type() != std::filesystem::file_type::directory)
    return fail(ErrorCode::NotFound, fmt::format("{} is not a folder: name the data directory, or a folder of "
                                                 "journal-*.seg files",
                                                 dir.string()));
  if (!code) (void)std::filesystem::directory_iterator{dir, code};
  if (code) return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}", dir.string(), code.message()));
  auto files = list_segments(dir);
  if (files.empty())
    return fail(ErrorCode::NotFound, fmt::format("{} holds no journal (journal-*.seg files)", dir.string()));
  return JournalReader{std::move(files)};
}

Result<const JournalRecord*> JournalReader::next() {
  while (true) {
    if (at_ >= bytes_.size()) {
      const auto more = load_next();
      if (!more) return std::unexpected{more.error()};
      if (!*more) return nullptr;
      continue;
    }
    const auto rest = std::span{bytes_}.subspan(at_);
    const ReadRecord read = read_record(rest);
    if (read.kind != ReadRecord::Kind::Record) {
      const auto end = ends_here(rest);
      if (end) {
        at_ = bytes_.size();
        continue;
      }
      const auto again = look_again();
      if (!again) return std::unexpected{again.error()};
      if (!*again) return std::unexpected{end.error()};
      continue;
    }
    if (last_sequence_ != 0 && read.record.sequence != last_sequence_ + 1)
      return damaged(fmt::format("record {} is followed by record {}: what was between them is missing",
                                 last_sequence_, read.record.sequence));
    at_ += read.bytes;
    last_sequence_ = read.record.sequence;
    record_ = read.record;
    return &record_;
  }
}

// A daemon that runs may have gone on while the file was read: the bytes of before and of after do not fit together.
Result<bool> JournalReader::look_again() {
  if (looked_again_at_ == at_) return false;
  looked_again_at_ = at_;
  if (const auto loaded = load(files_[next_file_ - 1].path); !loaded) return std::unexpected{loaded.error()};
  return true;
}

Result<bool> JournalReader::load_next() {
  if (next_file_ == files_.size()) return false;
  const auto& path = files_[next_file_++].path;
  looked_again_at_ = 0;
  if (const auto loaded = load(path); !loaded) return std::unexpected{loaded.error()};
  at_ = kSegmentHeader;
  if (only_zeros(bytes_)) {  // allocated, and its process was killed before it got its first bytes
    bytes_.clear();
    return true;
  }
  if (!segment_number(bytes_))
    return fail(ErrorCode::Malformed, fmt::format("{} is not a journal file", path.string()));
  return true;
}

Result<void> JournalReader::load(const std::filesystem::path& path) {
  auto bytes = read_ordinary_file(path);
  if (!bytes) return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}", path.string(), bytes.error().message));
  bytes_ = std::move(*bytes);
  return {};
}

// The writer's length comes last: behind a zero length there may be a record that was never finished, but no other.
Result<bool> JournalReader::ends_here(std::span<const std::byte> rest) const {
  if (only_zeros(rest)) return true;
  const bool unfinished = rest.size() >= kRecordHeader && only_zeros(rest.first(4));
  if (unfinished && !holds_a_record(rest)) return true;
  if (rest.size() < kRecordHeader || (!unfinished && read_record(rest).kind == ReadRecord::Kind::End))
    return damaged("the file ends in the middle of a record: it was cut");
  std::uint32_t length = 0;
  std::memcpy(&length, rest.data(), sizeof length);
  if (!unfinished && length - 1 > rest.size() - kRecordHeader && !holds_a_record(rest))
    return damaged("the file ends in the middle of a record: it was cut");
  return damaged("the record there has been changed or damaged");
}

std::unexpected<Error> JournalReader::damaged(std::string_view what) const {
  const auto& path = files_[next_file_ - 1].path;
  return fail(ErrorCode::Malformed,
              fmt::format("{}, byte {}, behind record {}: {}", path.string(), at_, last_sequence_, what));
}

}  // namespace rm
