#include "evidence/manifest.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "store/ordinary_file.h"

namespace rm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Sums = std::map<std::string, std::string>;  // of files, by their paths in the bundle

constexpr std::size_t kDigits = 64, kBetween = 2;

Result<std::string> text_in(const fs::path& file) {
  const auto bytes = read_ordinary_file(file);
  if (!bytes)
    return fail(ErrorCode::Malformed,
                fmt::format("{} of the bundle cannot be read: {}", file.filename().string(), bytes.error().message));
  return std::string{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

std::optional<std::uint64_t> number(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

// But for the list itself.
Result<Sums> sums_in(const fs::path& bundle) {
  Sums sums;
  Sha256Maker hash;
  std::error_code code;
  for (auto entry = fs::recursive_directory_iterator{bundle, code};
       !code && entry != fs::recursive_directory_iterator{}; entry.increment(code)) {
    const std::string name = entry->path().lexically_relative(bundle).generic_string();
    if (entry->is_directory(code) || name == kSumsFile) continue;
    const auto bytes = read_ordinary_file(entry->path());
    if (!bytes) return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}", name, bytes.error().message));
    sums[name] = hex(hash(*bytes));
  }
  if (code) return fail(ErrorCode::Io, fmt::format("{} cannot be read: {}", bundle.string(), code.message()));
  return sums;
}

}  // namespace

Result<Manifest> read_manifest(const fs::path& bundle) {
  const auto text = text_in(bundle / kManifestFile);
  if (!text) return std::unexpected{text.error()};
  const Json json = Json::parse(*text, nullptr, false);
  const auto whole = json.is_object() ? json.find(kWhole) : json.end();
  if (!json.is_object() || whole == json.end() || !whole->is_object())
    return fail(ErrorCode::Malformed,
                fmt::format("{} of the bundle does not say where its journal ends", kManifestFile));
  const auto records = number(*whole, "records"), first = number(*whole, "first_record");
  const auto head = whole->find("head");
  const auto tip = head != whole->end() && head->is_string() ? parse_tip(head->get<std::string>())
                                                             : Result<ChainTip>{fail(ErrorCode::Malformed, "")};
  if (!records || !first || !tip)
    return fail(ErrorCode::Malformed,
                fmt::format("{} of the bundle does not say where its journal ends", kManifestFile));
  return Manifest{*records, *first, *tip};
}

Result<std::string> sums_of(const fs::path& bundle) {
  const auto sums = sums_in(bundle);
  if (!sums) return std::unexpected{sums.error()};
  std::string text;
  for (const auto& [name, sum] : *sums) text.append(sum).append("  ").append(name).append("\n");
  return text;
}

Result<std::size_t> check_sums(const fs::path& bundle) {
  const auto text = text_in(bundle / kSumsFile);
  if (!text) return std::unexpected{text.error()};
  const auto found = sums_in(bundle);
  if (!found) return std::unexpected{found.error()};
  Sums left = *found;
  std::istringstream lines{*text};
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.size() > kDigits + kBetween ? line.substr(kDigits + kBetween) : line;
    const auto file = left.find(name);
    if (file == left.end())
      return fail(ErrorCode::Malformed, fmt::format("{} is missing, {} of the bundle lists it", name, kSumsFile));
    if (file->second != line.substr(0, kDigits))
      return fail(ErrorCode::Malformed, fmt::format("{} is not what {} of the bundle lists", name, kSumsFile));
    left.erase(file);
  }
  if (!left.empty())
    return fail(ErrorCode::Malformed,
                fmt::format("{} was put in: {} of the bundle does not list it", left.begin()->first, kSumsFile));
  return found->size();
}

}  // namespace rm
