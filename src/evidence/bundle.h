#pragma once
// What is handed to somebody else, such as a firm in a dispute: the journal in words, the configuration, the
// versions, the heads of the chain, and the journal files themselves, which anybody can verify. No secret is in it.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "domain/result.h"
#include "domain/time.h"
#include "store/chain_verify.h"

namespace rm {

struct BundleRange {
  std::optional<BrokerTime> from, to;  // both inclusive
};

struct Bundle {
  std::uint64_t records = 0;   // in words
  std::uint64_t files = 0;     // of the journal
  std::uint64_t withheld = 0;  // records
  VerifiedJournal verified;    // the whole journal, before
};

// `journal`: a data directory, a folder of journal files, or another bundle. `to` is a folder, or a file that ends in
// .tar; it must not be there yet. A journal that does not verify is exported
// all the same, with what was found. Errors (one sentence): no journal, not readable, nothing in the range, `to` is
// there or cannot be written.
[[nodiscard]] Result<Bundle> write_bundle(const std::filesystem::path& journal, const std::filesystem::path& to,
                                          const BundleRange& range, BrokerTime exported_at);

}  // namespace rm
