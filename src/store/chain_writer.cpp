#include "store/chain_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <utility>

namespace rm {

ChainWriter::ChainWriter(std::filesystem::path dir, const ChainTip& from)
    : dir_{std::move(dir)}, shown_{from, {}}, released_{shown_}, said_{from} {}

ChainWriter::~ChainWriter() {
  close_file();
}

void ChainWriter::add(std::uint64_t segment, const JournalRecord& record, std::span<const std::byte> raw) {
  if (shown_.row.segment != segment) begin(segment, record.sequence);
  shown_.tip = {segment, record.sequence, linked(hash_, ChainVersion::Two, shown_.tip.hash, raw)};
  shown_.row.last_sequence = record.sequence;
  shown_.row.head = shown_.tip.hash;
  append_entry(fresh_.back().bytes, {record.type, shown_.tip.hash});
  update_.rows.back() = shown_.row;
}

void ChainWriter::begin(std::uint64_t segment, std::uint64_t first_sequence) {
  update_.urgent |= shown_.tip.segment != 0;
  if (!update_.rows.empty()) update_.rows.back().complete = true;
  std::vector<std::byte> header = encoded(ChainHeader{segment, shown_.tip, first_sequence});
  shown_.tip.hash = hash_(header);
  shown_.row = {segment, first_sequence, 0, {}, false, false};
  fresh_.push_back({segment, std::move(header)});
  update_.rows.push_back(shown_.row);
}

void ChainWriter::will_remove(std::vector<std::uint64_t> segments) {
  update_.removed = std::move(segments);
  update_.urgent |= !update_.removed.empty();
}

void ChainWriter::rewind() {
  shown_ = released_;
  fresh_.clear();
  update_ = {};
  if (shown_.row.segment == 0) return;
  update_.rows.push_back(shown_.row);
  fresh_.push_back({shown_.row.segment, {}});
}

int ChainWriter::release() {
  released_ = shown_;
  std::ranges::move(fresh_, std::back_inserter(unwritten_));
  rewind();
  {
    const std::scoped_lock lock{mutex_};
    said_ = released_.tip;
  }
  while (!unwritten_.empty()) {
    if (const int code = write(unwritten_.front()); code != 0) return code;
    unwritten_.erase(unwritten_.begin());
  }
  return 0;
}

// A piece that could be written in part only is written again from its beginning.
int ChainWriter::write(const Piece& piece) {
  if (piece.segment != open_segment_) {
    close_file();
    fd_ = ::open(chain_file(dir_, piece.segment).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) return errno;
    open_segment_ = piece.segment;
    written_ = 0;
  }
  std::size_t done = 0;
  while (done < piece.bytes.size()) {
    const auto count =
        ::pwrite(fd_, piece.bytes.data() + done, piece.bytes.size() - done, static_cast<off_t>(written_ + done));
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  written_ += done;
  return 0;
}

void ChainWriter::close_file() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  open_segment_ = 0;
}

ChainUpdate ChainWriter::last_update() const {
  ChainUpdate last = update_;
  // With hashes that the disk refused the file is not whole: the next start writes them.
  if (!last.rows.empty() && unwritten_.empty()) last.rows.back().complete = true;
  return last;
}

ChainTip ChainWriter::tip() const {
  const std::scoped_lock lock{mutex_};
  return said_;
}

}  // namespace rm
