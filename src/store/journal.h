#pragma once
// The journal: one writing thread (the loop), one tending thread (the store thread), no lock between them. The
// tending thread prepares segments ahead of need, reads what was appended, and puts finished segments away.

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "domain/result.h"
#include "store/chain_writer.h"
#include "store/record.h"
#include "store/segment.h"

namespace rm {

struct JournalOptions {
  std::size_t segment_bytes = std::size_t{4} << 20;
  std::size_t keep_segments = 32;
  std::size_t memory_segments = 16;
};

class Journal {
 public:
  // The first segment and the next are on disk when this returns. The chain of hashes goes on from `chain`. Error Io
  // (disk full, not writable).
  [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& dir,
                                                             std::uint64_t next_segment, std::uint64_t next_sequence,
                                                             JournalOptions options, const ChainTip& chain = {});

  // ── writing thread: no allocation, no lock, no system call ──
  // Where the payload of the next record may be written; empty when there is no room for a header.
  [[nodiscard]] std::span<std::byte> room();
  // Makes the payload written at room() a record. Returns its sequence.
  std::uint64_t commit(RecordType type, std::size_t payload_bytes);
  // Goes on in the next segment; false when none is ready.
  bool next_segment();

  // ── tending thread ──
  // Keeps the next segments ready; memory takes the place of files that the disk refuses. Returns the disk's last
  // error or 0.
  int prepare();
  // The next records, in order, at most `at_most`, each valid until release().
  std::size_t read(std::size_t at_most, const std::function<void(const JournalRecord&)>& visit);
  // For the database, in the transaction that takes what read() showed: how far the chain goes with it.
  [[nodiscard]] const ChainUpdate& chain_update() const { return chain_.update(); }
  [[nodiscard]] ChainUpdate last_chain_update() const { return chain_.last_update(); }  // nothing will be appended
  // What read() showed has been dealt with: read() goes on behind it, its hashes are written, finished segments are
  // closed, the oldest files removed. Returns the disk's error for the hashes or 0.
  int release();
  // Forgets that it was shown: read() starts again behind the last release().
  void rewind();

  [[nodiscard]] std::uint64_t last_sequence() const {
    return last_sequence_.load(std::memory_order_acquire);
  }  // any thread
  [[nodiscard]] ChainTip chain_tip() const { return chain_.tip(); }  // of what was released; any thread

 private:
  static constexpr std::size_t kAhead = 2;
  static constexpr std::size_t kRing = 8;
  struct Cursor {
    std::size_t segment = 0, offset = kSegmentHeader;
  };

  Journal(std::filesystem::path dir, std::uint64_t next_segment, std::uint64_t next_sequence, JournalOptions options,
          const ChainTip& chain);
  void hand_over(std::unique_ptr<Segment> segment);
  void choose_oldest();

  std::filesystem::path dir_;
  JournalOptions options_;

  // writing thread
  Segment* current_ = nullptr;
  std::uint64_t next_sequence_;

  // between the two: single producer, single consumer
  std::array<Segment*, kRing> ready_{};
  std::atomic<std::size_t> produced_ = 0, consumed_ = 0;
  std::atomic<std::size_t> files_ready_ = 0;
  std::atomic<std::uint64_t> last_sequence_;

  // tending thread
  std::deque<std::unique_ptr<Segment>> segments_;  // not yet dealt with, oldest first
  Cursor done_, shown_;
  ChainWriter chain_;
  std::uint64_t next_number_;
};

}  // namespace rm
