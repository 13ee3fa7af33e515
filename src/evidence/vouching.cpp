#include "evidence/vouching.h"

#include <fmt/format.h>

#include "evidence/manifest.h"
#include "store/journal_files.h"

namespace rm {
namespace {

namespace fs = std::filesystem;

bool is_bundle(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "journal", ignored) &&
         (fs::exists(folder / kManifestFile, ignored) || fs::exists(folder / kSumsFile, ignored));
}

// The head of a bundle is its last record's: with it nothing is left that nobody vouches for.
void compare_with_manifest(const fs::path& bundle, VerifiedJournal& report) {
  const auto manifest = read_manifest(bundle);
  if (!manifest) {
    report.problem = manifest.error().message;
    return;
  }
  if (manifest->head.sequence != report.head.sequence || manifest->head.hash != report.head.hash ||
      manifest->records != report.records || manifest->first_record != report.first_sequence) {
    report.cannot_tell = false;
    report.problem = fmt::format(
        "it has {} records from {} on and its head is {}, exported were {} from {} on with the head {} ({})",
        report.records, report.first_sequence, text_of(report.head), manifest->records, manifest->first_record,
        text_of(manifest->head), kManifestFile);
    return;
  }
  report.cannot_tell = false;
  report.vouched_for = report.head.sequence;
  const auto sums = check_sums(bundle);
  report.problem = sums ? std::string{} : sums.error().message;
  std::erase(report.remarks, kNoDatabase);
  if (sums)
    report.remarks.push_back(fmt::format(
        "head, first record and number of records are those in {} of the bundle, and {} files have the sums in {}",
        kManifestFile, *sums, kSumsFile));
}

}  // namespace

JournalPlace place_of(const fs::path& given) {
  if (is_bundle(given)) return {given / "journal", given};
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(given, ignored);
  if (whole.filename() == "journal" && is_bundle(whole.parent_path())) return {given, whole.parent_path()};
  return {given, {}};
}

Result<VerifiedJournal> verify_place(const fs::path& given, std::span<const ChainTip> anchors) {
  std::error_code ignored;
  if (fs::is_regular_file(given, ignored)) {
    return fail(ErrorCode::Io,
                given.extension() == ".tar"
                    ? fmt::format("{} is an archive: unpack it (tar -xf {}) and name the folder", given.string(),
                                  given.string())
                    : given.string() + " is a file: name the data directory, or the folder of a bundle");
  }
  const JournalPlace place = place_of(given);
  auto report = verify_journal(place.journal, anchors);
  if (report && !place.bundle.empty() && (report->intact() || report->cannot_tell))
    compare_with_manifest(place.bundle, *report);
  return report;
}

Result<Vouching> vouching_for(const fs::path& given, std::string_view of_no_use) {
  const auto verified = verify_place(given, {});
  Vouching vouching;
  if (!verified) {
    vouching.doubt =
        fmt::format("nothing vouches for the journal in {}: {}", given.string(), verified.error().message);
  } else if (verified->cannot_tell && verified->unchained == 0) {
    vouching.notes.emplace_back("the journal has no chain of hashes: whether it was changed cannot be told");
  } else if (verified->cannot_tell) {
    vouching.doubt = fmt::format("the journal in {} cannot be verified: {}", given.string(), verified->problem);
  } else if (!verified->intact()) {
    return fail(ErrorCode::Malformed, fmt::format("the journal in {} is NOT what was written, and {}: {}",
                                                  given.string(), of_no_use, verified->problem));
  } else {
    vouching.notes = verified->remarks;
    if (auto open = unvouched(*verified); !open.empty()) vouching.notes.push_back(std::move(open));
  }
  return vouching;
}

}  // namespace rm
