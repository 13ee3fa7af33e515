#pragma once
// What somebody does to journal files who knows their format as well as we do.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "store/chain.h"
#include "store/journal_files.h"
#include "store/segment.h"

namespace rm::samples {

using Bytes = std::vector<std::byte>;

inline Bytes read_bytes(const std::filesystem::path& file) {
  auto bytes = load_journal_file(file);
  return bytes ? std::move(*bytes) : Bytes{};
}

inline void write_bytes(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// The journal files alone, as in a copy that is handed out.
inline void copy_journal(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const auto& entry : std::filesystem::directory_iterator{from}) {
    if (entry.path().filename().string().starts_with("journal-"))
      std::filesystem::copy_file(entry.path(), to / entry.path().filename());
  }
}

// One journal file as a list of records that can be changed; the checksum of each is right again when it is written.
class OpenedSegment {
 public:
  OpenedSegment(const std::filesystem::path& dir, std::uint64_t number) : dir_{dir}, number_{number} {
    const Bytes all = read_bytes(segment_file(dir, number));
    const std::span<const std::byte> bytes = all;
    header_.assign(bytes.begin(), bytes.begin() + kSegmentHeader);
    for (std::size_t at = kSegmentHeader;;) {
      const ReadRecord next = read_record(bytes.subspan(at));
      if (next.kind != ReadRecord::Kind::Record) break;
      records.push_back(
          {next.record.type, next.record.sequence, Bytes{next.record.payload.begin(), next.record.payload.end()}});
      at += next.bytes;
    }
  }

  struct Record {
    RecordType type{};
    std::uint64_t sequence = 0;
    Bytes payload;
  };
  std::vector<Record> records;

  void write() const {
    Bytes all = header_;
    for (const Record& record : records) {
      Bytes bytes(kRecordHeader + padded(record.payload.size()));
      std::ranges::copy(record.payload, bytes.begin() + kRecordHeader);
      seal_record(bytes, record.type, record.sequence, record.payload.size());
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    write_bytes(segment_file(dir_, number_), all);
  }

  // And the chain file as if it had always been so.
  void write_with_chain() const {
    write();
    auto chain = read_chain(chain_file(dir_, number_));
    (void)chain_anew(chain->header);
  }

  // As `header` begins it. Returns the tip.
  ChainTip chain_anew(const ChainHeader& header) const {
    Sha256Maker hash;
    Bytes chained = encoded(header);
    ChainTip tip{header.segment, header.first_sequence - 1, hash(chained)};
    const Bytes all = read_bytes(segment_file(dir_, number_));
    const std::span<const std::byte> bytes = all;
    for (std::size_t offset = kSegmentHeader;;) {
      const ReadRecord next = read_record(bytes.subspan(offset));
      if (next.kind != ReadRecord::Kind::Record) break;
      tip.hash = linked(hash, header.version, tip.hash, bytes.subspan(offset, next.bytes));
      ++tip.sequence;
      append_entry(chained, {next.record.type, tip.hash});
      offset += next.bytes;
    }
    write_bytes(chain_file(dir_, number_), chained);
    return tip;
  }

 private:
  std::filesystem::path dir_;
  std::uint64_t number_;
  Bytes header_;
};

}  // namespace rm::samples
