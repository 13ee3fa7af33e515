#pragma once
// Reading journal files of earlier processes: for recovery, and for tools that show or replay a day. Hostile bytes
// are safe.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "store/record.h"

namespace rm {

struct SegmentFile {
  std::filesystem::path path;
  std::uint64_t number = 0;
};
// Journal files in `dir`, oldest first; empty when there is no such directory.
[[nodiscard]] std::vector<SegmentFile> list_segments(const std::filesystem::path& dir);

// The same for files beside them that carry their number and end in `suffix`.
[[nodiscard]] std::vector<SegmentFile> list_journal_files(const std::filesystem::path& dir, std::string_view suffix);

// Files whose names look as if they belonged to the journal, and which the program never gives: by name.
[[nodiscard]] std::vector<std::filesystem::path> list_foreign_files(const std::filesystem::path& dir);

// All bytes of a file that belongs to the journal. Error Io, one sentence.
[[nodiscard]] Result<std::vector<std::byte>> load_journal_file(const std::filesystem::path& path);

// Somewhere behind the first bytes, which are not one.
[[nodiscard]] bool holds_a_record(std::span<const std::byte> bytes);

// journal-000000000042.seg
[[nodiscard]] std::filesystem::path segment_file(const std::filesystem::path& dir, std::uint64_t number);

struct JournalScan {
  std::uint64_t records = 0;
  std::uint64_t last_sequence = 0;  // of any record, shown or not; 0: there is none
  std::uint64_t cut_bytes = 0;      // written but not part of a whole record, in the files that were read
};
// Shows every whole record with a sequence above `after`, in order, each once. Files that end before are not read. A
// file that does not begin as a journal file, or a record that does not add up, ends that file. Error Io: a file
// cannot be read.
[[nodiscard]] Result<JournalScan> read_journal(const std::filesystem::path& dir, std::uint64_t after,
                                               const std::function<void(const JournalRecord&)>& visit);

// Cuts the files that a killed process left at their full size behind their last whole record: those that can hold a
// record above `after`, the others were cut when they were finished. A file with whole records behind one that is not
// stays as it is: no process leaves that. Only while no process writes.
void trim_segments(const std::filesystem::path& dir, std::uint64_t after);

}  // namespace rm
