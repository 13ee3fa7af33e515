#pragma once
// The journal that is checked in (journal/, made by bench/replay_session), and copies of it with something wrong.

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/replay_command.h"
#include "unit/store/raw_journal.h"
#include "unit/store/samples.h"

namespace rm::test {

using samples::Bytes;
using samples::TempDir;

inline const std::filesystem::path kSample = RM_JOURNAL_DIR;

struct Outcome {
  int code;
  std::string out, err;
};
inline Outcome replayed(const std::filesystem::path& journal, const std::string& config = {}) {
  std::ostringstream out, err;
  const int code = replay_command(journal, config, {}, out, err);
  return {code, out.str(), err.str()};
}

inline Bytes load(const std::filesystem::path& file) {
  Bytes bytes(std::filesystem::file_size(file));
  std::ifstream{file, std::ios::binary}.read(reinterpret_cast<char*>(bytes.data()),
                                             static_cast<std::streamsize>(bytes.size()));
  return bytes;
}
inline void save(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<std::streamsize>(bytes.size()));
}

// A copy that a test may change.
class Copy {
 public:
  Copy() {
    for (const SegmentFile& file : list_segments(kSample))
      std::filesystem::copy_file(file.path, dir_.path() / file.path.filename());
  }
  [[nodiscard]] const std::filesystem::path& path() const { return dir_.path(); }
  [[nodiscard]] std::filesystem::path segment(std::size_t index) const {
    return list_segments(dir_.path()).at(index).path;
  }
  // Shows every record of the segment with where it stands.
  void edit(std::size_t index, const std::function<void(Bytes&)>& change) const {
    Bytes bytes = load(segment(index));
    change(bytes);
    save(segment(index), bytes);
  }

 private:
  TempDir dir_;
};

// Where the records of this type begin, in order.
inline std::vector<std::size_t> places_of(const Bytes& bytes, RecordType type) {
  std::vector<std::size_t> places;
  for (std::size_t at = kSegmentHeader; at < bytes.size();) {
    const ReadRecord read = read_record(std::span{bytes}.subspan(at));
    if (read.kind != ReadRecord::Kind::Record) break;
    if (read.record.type == type) places.push_back(at);
    at += read.bytes;
  }
  return places;
}

// Another type or payload (of the same length), with a checksum that fits.
inline void seal_again(Bytes& bytes, std::size_t at, RecordType type,
                       const std::function<void(std::span<std::byte>)>& change) {
  const ReadRecord read = read_record(std::span{bytes}.subspan(at));
  const std::uint64_t sequence = read.record.sequence;
  const std::size_t size = read.record.payload.size();
  change(std::span{bytes}.subspan(at + kRecordHeader, size));
  seal_record(std::span{bytes}.subspan(at), type, sequence, size);
}

}  // namespace rm::test
