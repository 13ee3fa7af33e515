#pragma once
// May what a journal tells be believed? Before anything is told from it.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "store/chain_verify.h"

namespace rm {

// Where the files of a journal are: a data directory, a folder of journal files; or an exported bundle, named by its
// own folder or by journal/ in it.
struct JournalPlace {
  std::filesystem::path journal;
  std::filesystem::path bundle;  // empty: it is none
};
[[nodiscard]] JournalPlace place_of(const std::filesystem::path& given);

// verify_journal(); of a bundle also whether it ends where its chain.json says, and whether each of its files has the
// sum that it had (SHA256SUMS). Errors as there, and a file in the place of a folder.
[[nodiscard]] Result<VerifiedJournal> verify_place(const std::filesystem::path& given,
                                                   std::span<const ChainTip> anchors);

struct Vouching {
  std::vector<std::string> notes;  // what has to be known of the journal, a sentence each
  std::string doubt;               // nothing vouches for it, and why: one sentence; empty: it was verified
};
// Error Malformed, one sentence: it is not what was written. `of_no_use`: "explains nothing".
[[nodiscard]] Result<Vouching> vouching_for(const std::filesystem::path& given, std::string_view of_no_use);

}  // namespace rm
