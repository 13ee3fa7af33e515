#include "store/journal_files.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "store/ordinary_file.h"
#include "store/segment.h"

namespace rm {
namespace {

constexpr std::string_view kPrefix = "journal-", kSuffix = ".seg", kChainSuffix = ".chain";
constexpr std::size_t kRecordStep = 8;  // records begin at multiples of it

// Calls visit for each whole record; returns where they end, 0 when this is not a journal file.
template <class Visit>
std::size_t scan(std::span<const std::byte> bytes, const Visit& visit) {
  if (!segment_number(bytes)) return 0;
  std::size_t at = kSegmentHeader;
  for (auto next = read_record(bytes.subspan(at)); next.kind == ReadRecord::Kind::Record;
       next = read_record(bytes.subspan(at))) {
    visit(next.record);
    at += next.bytes;
  }
  return at;
}

std::optional<std::uint64_t> first_sequence(std::span<const std::byte> bytes) {
  if (bytes.size() < kSegmentHeader) return std::nullopt;
  const auto first = read_record(bytes.subspan(kSegmentHeader));
  return first.kind == ReadRecord::Kind::Record ? std::optional{first.record.sequence} : std::nullopt;
}

std::uint64_t written_behind(std::span<const std::byte> bytes, std::size_t end) {
  const auto rest = bytes.subspan(end);
  const auto last = std::find_if(rest.rbegin(), rest.rend(), [](std::byte b) { return b != std::byte{0}; });
  return static_cast<std::uint64_t>(std::distance(last, rest.rend()));
}

// Index of the first file that can hold a record above `after`.
Result<std::size_t> first_needed(const std::vector<SegmentFile>& files, std::uint64_t after) {
  for (std::size_t i = files.size(); i > 0; --i) {
    const auto bytes = load_journal_file(files[i - 1].path);
    if (!bytes) return std::unexpected{bytes.error()};
    const auto first = first_sequence(*bytes);
    if (first && *first <= after + 1) return i - 1;
  }
  return 0;
}

std::vector<std::filesystem::path> named_like_ours(const std::filesystem::path& dir, std::string_view suffix) {
  std::vector<std::filesystem::path> paths;
  std::error_code code;
  for (auto entry = std::filesystem::directory_iterator{dir, code};
       !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(kPrefix) && name.ends_with(suffix)) paths.push_back(entry->path());
  }
  return paths;
}

// Only of a name that the program itself gives.
std::optional<std::uint64_t> number_of(const std::filesystem::path& path, std::string_view suffix) {
  const std::string name = path.filename().string();
  if (name.size() < kPrefix.size() + suffix.size()) return std::nullopt;
  std::uint64_t number = 0;
  const char* last = name.data() + name.size() - suffix.size();
  const auto [end, error] = std::from_chars(name.data() + kPrefix.size(), last, number);
  if (error != std::errc{} || end != last) return std::nullopt;
  if (segment_file({}, number).replace_extension(suffix).string() != name) return std::nullopt;
  return number;
}

}  // namespace

std::vector<SegmentFile> list_segments(const std::filesystem::path& dir) {
  return list_journal_files(dir, kSuffix);
}

std::vector<SegmentFile> list_journal_files(const std::filesystem::path& dir, std::string_view suffix) {
  std::vector<SegmentFile> files;
  for (const auto& path : named_like_ours(dir, suffix)) {
    if (const auto number = number_of(path, suffix)) files.push_back({path, *number});
  }
  std::ranges::sort(files, {}, &SegmentFile::number);
  return files;
}

std::vector<std::filesystem::path> list_foreign_files(const std::filesystem::path& dir) {
  std::vector<std::filesystem::path> foreign;
  for (const std::string_view suffix : {kSuffix, kChainSuffix}) {
    for (const auto& path : named_like_ours(dir, suffix)) {
      if (!number_of(path, suffix)) foreign.push_back(path);
    }
  }
  std::ranges::sort(foreign);
  return foreign;
}

Result<std::vector<std::byte>> load_journal_file(const std::filesystem::path& path) {
  auto bytes = read_ordinary_file(path);
  if (!bytes)
    return fail(ErrorCode::Io, "journal file " + path.string() + " cannot be read: " + bytes.error().message);
  return bytes;
}

bool holds_a_record(std::span<const std::byte> bytes) {
  for (std::size_t at = kRecordStep; at + kRecordHeader <= bytes.size(); at += kRecordStep) {
    if (read_record(bytes.subspan(at)).kind == ReadRecord::Kind::Record) return true;
  }
  return false;
}

std::filesystem::path segment_file(const std::filesystem::path& dir, std::uint64_t number) {
  char name[40];
  std::snprintf(name, sizeof name, "journal-%012llu.seg", static_cast<unsigned long long>(number));
  return dir / name;
}

Result<JournalScan> read_journal(const std::filesystem::path& dir, std::uint64_t after,
                                 const std::function<void(const JournalRecord&)>& visit) {
  const auto files = list_segments(dir);
  const auto first = first_needed(files, after);
  if (!first) return std::unexpected{first.error()};
  JournalScan result;
  for (std::size_t i = *first; i < files.size(); ++i) {
    const auto bytes = load_journal_file(files[i].path);
    if (!bytes) return std::unexpected{bytes.error()};
    const std::size_t end = scan(*bytes, [&](const JournalRecord& record) {
      if (record.sequence <= result.last_sequence) return;
      result.last_sequence = record.sequence;
      if (record.sequence <= after) return;
      ++result.records;
      visit(record);
    });
    result.cut_bytes += written_behind(*bytes, end);
  }
  return result;
}

void trim_segments(const std::filesystem::path& dir, std::uint64_t after) {
  const auto files = list_segments(dir);
  const auto first = first_needed(files, after);
  for (std::size_t i = first.value_or(0); i < files.size(); ++i) {
    const auto bytes = load_journal_file(files[i].path);
    if (!bytes) continue;
    const std::size_t end = scan(*bytes, [](const JournalRecord&) {});
    // Allocated, but its process was killed before it got its first bytes: nobody's, and as large as a full one.
    const bool unborn = end == 0 && written_behind(*bytes, 0) == 0;
    if ((end == 0 && !unborn) || (end > 0 && end == bytes->size())) continue;  // not ours to cut, or nothing to cut
    // No process leaves whole records behind one that is not: somebody changed it, and what he left shows it.
    if (holds_a_record(std::span{*bytes}.subspan(end))) continue;
    std::error_code ignored;  // what stays behind the end is passed over the next time as well
    if (end <= kSegmentHeader) {
      std::filesystem::remove(files[i].path, ignored);
    } else {
      std::filesystem::resize_file(files[i].path, end, ignored);
    }
  }
}

}  // namespace rm
