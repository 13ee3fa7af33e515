#pragma once
// A journal file as its bytes stand there, for who has to judge them.

#include <filesystem>
#include <span>
#include <vector>

#include "domain/result.h"
#include "store/record.h"

namespace rm {

struct PlacedRecord {
  JournalRecord record;            // points into the file it is of
  std::span<const std::byte> raw;  // all its bytes, the header included
};

class LoadedSegment {
 public:
  LoadedSegment() = default;
  // Error Io, one sentence. What the bytes are worth is asked below.
  [[nodiscard]] static Result<LoadedSegment> load(const std::filesystem::path& file);

  [[nodiscard]] bool only_zeros() const;                  // made ready, and nothing was written
  [[nodiscard]] bool is_of(std::uint64_t segment) const;  // it begins as the journal file of this number
  // The whole ones, in the order they stand in.
  [[nodiscard]] const std::vector<PlacedRecord>& records() const { return records_; }
  [[nodiscard]] bool zeros_behind() const;          // nothing was written behind the last whole record
  [[nodiscard]] bool ends_within_a_record() const;  // what is behind is the beginning of one: it was cut, not changed

 private:
  [[nodiscard]] std::span<const std::byte> behind() const { return std::span{bytes_}.subspan(end_); }

  std::vector<std::byte> bytes_;
  std::vector<PlacedRecord> records_;
  std::size_t end_ = 0;  // of the records
};

}  // namespace rm
