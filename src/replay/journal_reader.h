#pragma once
// The records of a journal in order, and nothing passed over in silence: what does not add up ends it with a
// sentence. (The start of the daemon reads more leniently: it must go on with what is whole.)

#include <cstdint>
#include <filesystem>
#include <vector>

#include "domain/result.h"
#include "store/journal_files.h"
#include "store/record.h"

namespace rm {

class JournalReader {
 public:
  // A folder with journal segments. Errors: Io, NotFound.
  [[nodiscard]] static Result<JournalReader> open(const std::filesystem::path& dir);

  // Null at the end. Valid until the next call. Errors: Io (not readable), Malformed (not a journal file, changed or
  // cut, records missing).
  [[nodiscard]] Result<const JournalRecord*> next();

 private:
  explicit JournalReader(std::vector<SegmentFile> files) : files_{std::move(files)} {}
  [[nodiscard]] Result<bool> load_next();  // false: there is no further file
  [[nodiscard]] Result<void> load(const std::filesystem::path& path);
  [[nodiscard]] Result<bool> look_again();  // false: the file has been read a second time from here already
  [[nodiscard]] Result<bool> ends_here(std::span<const std::byte> rest) const;
  [[nodiscard]] std::unexpected<Error> damaged(std::string_view what) const;

  std::vector<SegmentFile> files_;
  std::size_t next_file_ = 0;
  std::vector<std::byte> bytes_;
  std::size_t at_ = 0, looked_again_at_ = 0;
  std::uint64_t last_sequence_ = 0;  // 0: none yet
  JournalRecord record_;
};

}  // namespace rm
