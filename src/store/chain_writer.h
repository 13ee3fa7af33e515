#pragma once
// Chains what the tending thread of the journal reads, and writes it beside the segments. In step with the database:
// what is shown is chained at once, so that the transaction that takes its rows can take the head as well; the files
// follow when the records are released. What a process did not get to is chained by the next one (chain_recovery.h).

#include <mutex>
#include <vector>

#include "store/chain.h"

namespace rm {

// What the database has to keep with the records that were shown.
struct ChainUpdate {
  std::vector<ChainRow> rows;
  std::vector<std::uint64_t> removed;  // segments whose files go as soon as the database knows
  bool urgent = false;                 // worth a transaction of its own: a segment has ended, or goes
};

class ChainWriter {
 public:
  ChainWriter(std::filesystem::path dir, const ChainTip& from);
  ~ChainWriter();
  ChainWriter(const ChainWriter&) = delete;
  ChainWriter& operator=(const ChainWriter&) = delete;

  void add(std::uint64_t segment, const JournalRecord& record, std::span<const std::byte> raw);
  void will_remove(std::vector<std::uint64_t> segments);
  void rewind();  // forgets what was not released
  int release();  // to the files. 0, or the errno of a disk that refuses: kept and tried again the next time

  [[nodiscard]] const ChainUpdate& update() const { return update_; }
  [[nodiscard]] ChainUpdate last_update() const;  // nothing comes behind it
  [[nodiscard]] ChainTip tip() const;             // of what was released. Any thread

 private:
  struct Piece {  // of one file; the first of a file makes it
    std::uint64_t segment = 0;
    std::vector<std::byte> bytes;
  };
  struct State {
    ChainTip tip;
    ChainRow row;
  };
  void begin(std::uint64_t segment, std::uint64_t first_sequence);
  int write(const Piece& piece);
  void close_file();

  std::filesystem::path dir_;
  Sha256Maker hash_;
  State shown_, released_;
  std::vector<Piece> fresh_, unwritten_;
  ChainUpdate update_;
  std::uint64_t open_segment_ = 0;
  int fd_ = -1;
  std::size_t written_ = 0;  // of the open file
  mutable std::mutex mutex_;
  ChainTip said_;
};

}  // namespace rm
