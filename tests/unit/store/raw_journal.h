#pragma once
// Journal files made by hand: of other versions, and such as no version writes.

#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "store/bytes.h"
#include "store/journal_files.h"
#include "store/record.h"
#include "store/segment.h"

namespace rm::samples {

using Bytes = std::vector<std::byte>;

// A record as record.h describes it, of any version.
inline Bytes sealed(RecordType type, std::uint16_t version, std::uint64_t sequence, const Bytes& payload) {
  Bytes bytes(kRecordHeader + padded(payload.size()));
  std::memcpy(bytes.data() + kRecordHeader, payload.data(), payload.size());
  ByteWriter header{bytes};
  header.put(static_cast<std::uint32_t>(payload.size() + 1));
  header.put(static_cast<std::uint16_t>(type));
  header.put(version);
  header.put(sequence);
  header.put(crc32c(payload, crc32c(std::span{bytes}.first(16))));
  return bytes;
}

inline void write_segment(const std::filesystem::path& dir, const std::vector<Bytes>& records,
                          std::uint64_t number = 1) {
  Bytes bytes(kSegmentHeader);
  std::memcpy(bytes.data(), kSegmentMagic.data(), kSegmentMagic.size());
  ByteWriter{std::span{bytes}.subspan(kSegmentMagic.size())}.put(number);
  for (const Bytes& record : records) bytes.insert(bytes.end(), record.begin(), record.end());
  std::ofstream{segment_file(dir, number), std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                                   static_cast<std::streamsize>(bytes.size()));
}

}  // namespace rm::samples
