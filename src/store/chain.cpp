#include "store/chain.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include "store/bytes.h"
#include "store/journal_files.h"

namespace rm {
namespace {

void put(ByteWriter& out, const Sha256& hash) {
  for (const std::byte b : hash) out.put(std::to_integer<std::uint8_t>(b));
}

Sha256 take_hash(ByteReader& in) {
  Sha256 hash{};
  for (std::byte& b : hash) b = std::byte{in.take<std::uint8_t>()};
  return hash;
}

std::optional<ChainVersion> version_in(std::span<const std::byte> bytes) {
  if (bytes.size() < kChainHeaderBytes) return std::nullopt;
  if (std::memcmp(bytes.data(), kChainMagic.data(), kChainMagic.size()) == 0) return ChainVersion::Two;
  if (std::memcmp(bytes.data(), kChainMagicBefore.data(), kChainMagicBefore.size()) == 0) return ChainVersion::One;
  return std::nullopt;
}

}  // namespace

Sha256 linked(Sha256Maker& hash, ChainVersion version, const Sha256& before, std::span<const std::byte> record) {
  if (version == ChainVersion::One || record.size() < kRecordHeader) return hash(before, record);
  std::array<std::byte, kRecordHeader + std::tuple_size_v<Sha256>> link{};
  std::ranges::copy(record.first(kRecordHeader), link.begin());
  std::ranges::copy(hash(record.subspan(kRecordHeader)), link.begin() + kRecordHeader);
  return hash(before, link);
}

std::vector<std::byte> encoded(const ChainHeader& header) {
  std::vector<std::byte> bytes(kChainHeaderBytes);
  const std::string_view magic = header.version == ChainVersion::One ? kChainMagicBefore : kChainMagic;
  std::memcpy(bytes.data(), magic.data(), magic.size());
  ByteWriter out{std::span{bytes}.subspan(kChainMagic.size())};
  for (const std::uint64_t number :
       {header.segment, header.before.segment, header.before.sequence, header.first_sequence})
    out.put(number);
  put(out, header.before.hash);
  return bytes;
}

void append_entry(std::vector<std::byte>& bytes, const ChainEntry& entry) {
  bytes.resize(bytes.size() + kChainEntryBytes);
  ByteWriter out{std::span{bytes}.last(kChainEntryBytes)};
  out.put(static_cast<std::uint16_t>(entry.type));
  put(out, entry.hash);
}

std::filesystem::path chain_file(const std::filesystem::path& dir, std::uint64_t segment) {
  return segment_file(dir, segment).replace_extension(".chain");
}

std::vector<std::uint64_t> list_chains(const std::filesystem::path& dir) {
  std::vector<std::uint64_t> numbers;
  for (const SegmentFile& file : list_journal_files(dir, ".chain")) {
    std::error_code ignored;
    if (std::filesystem::file_size(file.path, ignored) != 0) numbers.push_back(file.number);
  }
  return numbers;
}

Result<ChainFile> read_chain(const std::filesystem::path& file) {
  const auto bytes = load_journal_file(file);
  if (!bytes) return std::unexpected{bytes.error()};
  const auto version = version_in(*bytes);
  if (!version) return fail(ErrorCode::Malformed, file.filename().string() + " is not a chain file any more");
  ByteReader in{std::span{*bytes}.subspan(kChainMagic.size())};
  ChainFile chain;
  chain.header.version = *version;
  chain.header.segment = in.take<std::uint64_t>();
  chain.header.before.segment = in.take<std::uint64_t>();
  chain.header.before.sequence = in.take<std::uint64_t>();
  chain.header.first_sequence = in.take<std::uint64_t>();
  chain.header.before.hash = take_hash(in);
  chain.entries.reserve(in.left() / kChainEntryBytes);
  while (in.left() >= kChainEntryBytes) {
    const auto type = static_cast<RecordType>(in.take<std::uint16_t>());
    chain.entries.push_back({type, take_hash(in)});
  }
  chain.torn_bytes = in.left();
  return chain;
}

std::string text_of(const ChainTip& tip) {
  return std::to_string(tip.sequence) + ":" + hex(tip.hash);
}

Result<ChainTip> parse_tip(std::string_view text) {
  ChainTip tip;
  const auto colon = text.find(':');
  const char* end = text.data() + std::min(colon, text.size());
  const auto number = std::from_chars(text.data(), end, tip.sequence);
  const auto hash = colon == std::string_view::npos ? std::nullopt : sha256_from_hex(text.substr(colon + 1));
  if (number.ec != std::errc{} || number.ptr != end || tip.sequence == 0 || !hash) {
    return fail(ErrorCode::Malformed,
                "not a chain head: a record's number, a colon and 64 hexadecimal digits, as the log says it "
                "(journal_head)");
  }
  tip.hash = *hash;
  return tip;
}

}  // namespace rm
