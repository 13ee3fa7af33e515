#pragma once
// What a bundle says of itself, so that whoever gets it can see that it is whole: where its journal ends
// (chain.json), and the sum of each of its files (SHA256SUMS).

#include <filesystem>
#include <string>

#include "store/chain.h"

namespace rm {

inline constexpr const char* kManifestFile = "chain.json";
inline constexpr const char* kSumsFile = "SHA256SUMS";
inline constexpr const char* kWhole = "journal";  // the member of chain.json

struct Manifest {
  std::uint64_t records = 0, first_record = 0;
  ChainTip head;  // of the last record that was exported, chained or not
};
// Error Malformed, one sentence.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& bundle);

// The content of SHA256SUMS for all files that are in the folder now. Error Io.
[[nodiscard]] Result<std::string> sums_of(const std::filesystem::path& bundle);
// How many files there are. Error Malformed, one sentence: the first one that is not as listed, missing, or put in.
[[nodiscard]] Result<std::size_t> check_sums(const std::filesystem::path& bundle);

}  // namespace rm
