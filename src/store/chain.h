#pragma once
// The journal's chain of hashes: each record's hash covers its bytes and the hash before it, so that no record can be
// changed, taken out or put in without changing every hash behind it. Kept beside each segment, in journal-N.chain:
//   "RMCHAIN2"   u64 segment   u64 segment before   u64 last sequence before   u64 first sequence   hash before (32)
//   then for each record: u16 type   hash (32)
// All numbers little-endian. The hash that a segment begins with is that of these 72 bytes of header, so a file that
// is renamed, left out or put elsewhere does not fit either. "Before" is nothing but zeros for the very first.
// Sequences may leap from one segment to the next (what was never in a file: the disk refused), not within one.
//
// A record's hash is SHA-256 of the hash before it, its header (kRecordHeader bytes) and the SHA-256 of what follows
// the header: a copy that withholds a secret still shows of which number, type and length the record was. In files
// that begin with "RMCHAIN1", of an older version, it is SHA-256 of the hash before it and the record as it is.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "domain/result.h"
#include "store/record.h"
#include "store/sha256.h"

namespace rm {

inline constexpr std::string_view kChainMagic = "RMCHAIN2", kChainMagicBefore = "RMCHAIN1";
inline constexpr std::size_t kChainHeaderBytes = 72, kChainEntryBytes = 34;
enum class ChainVersion : std::uint8_t { One = 1, Two };  // how a record's hash is made

// How far the chain goes: the hash of the record `sequence`, in `segment`. Zero: nothing was chained yet.
struct ChainTip {
  std::uint64_t segment = 0, sequence = 0;
  Sha256 hash{};
  friend bool operator==(const ChainTip&, const ChainTip&) = default;
};

struct ChainHeader {
  std::uint64_t segment = 0;
  ChainTip before;
  std::uint64_t first_sequence = 0;
  ChainVersion version = ChainVersion::Two;
};

struct ChainEntry {
  RecordType type{};
  Sha256 hash{};
};

struct ChainFile {
  ChainHeader header;
  std::vector<ChainEntry> entries;
  std::size_t torn_bytes = 0;  // behind the last whole entry
};

// What the database keeps of a segment.
struct ChainRow {
  std::uint64_t segment = 0, first_sequence = 0, last_sequence = 0;
  Sha256 head{};          // the hash of the last sequence
  bool complete = false;  // the process that wrote it has gone on or ended in order: nothing comes behind the last
  bool removed = false;   // by the program itself: only so many files are kept
  friend bool operator==(const ChainRow&, const ChainRow&) = default;
};

// The hash of the record with these bytes, which stands behind the one with the hash `before`.
[[nodiscard]] Sha256 linked(Sha256Maker& hash, ChainVersion version, const Sha256& before,
                            std::span<const std::byte> record);

[[nodiscard]] std::vector<std::byte> encoded(const ChainHeader& header);
void append_entry(std::vector<std::byte>& bytes, const ChainEntry& entry);

// journal-000000000042.chain
[[nodiscard]] std::filesystem::path chain_file(const std::filesystem::path& dir, std::uint64_t segment);
// Numbers of the segments that have one, in order; empty when there is no such directory. An empty file is none: its
// process was killed before it wrote to it, or the machine lost power.
[[nodiscard]] std::vector<std::uint64_t> list_chains(const std::filesystem::path& dir);
// Errors: Io (cannot be read), Malformed (not a chain file).
[[nodiscard]] Result<ChainFile> read_chain(const std::filesystem::path& file);

// "4711:ab12…": what a person writes down, and gives back to have it checked.
[[nodiscard]] std::string text_of(const ChainTip& tip);
// Error Malformed. The segment stays 0.
[[nodiscard]] Result<ChainTip> parse_tip(std::string_view text);

}  // namespace rm
