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

void judge(VerifiedJournal& report, std::string problem, bool cannot_tell) {
  report.problem = std::move(problem);
  report.cannot_tell = cannot_tell;
}

// The head of a bundle is its last record's: with it nothing is left that nobody vouches for.
void compare_with_bundle(const fs::path& bundle, VerifiedJournal& report) {
  std::erase(report.remarks, kNoDatabase);
  const auto sums = check_sums(bundle);
  if (!sums) return judge(report, sums.error().message, false);
  const auto manifest = read_manifest(bundle);
  if (!manifest) return judge(report, manifest.error().message, true);
  if (manifest->head.sequence != report.head.sequence || manifest->head.hash != report.head.hash ||
      manifest->records != report.records || manifest->first_record != report.first_sequence) {
    const auto said = fmt::format(
        "it has {} records from {} on and its head is {}, exported were {} from {} on with the head {} ({})",
        report.records, report.first_sequence, text_of(report.head), manifest->records, manifest->first_record,
        text_of(manifest->head), kManifestFile);
    return judge(report, said, false);
  }
  judge(report, {}, false);
  report.vouched_for = report.head.sequence;
  report.remarks.push_back(fmt::format(
      "head, first record and number of records are those in {} of the bundle, and {} files have the sums in {}",
      kManifestFile, *sums, kSumsFile));
  report.remarks.emplace_back(
      "the chain vouches for journal/ alone: records.jsonl and the configurations are the words of who exported it; "
      "journal export of this folder writes them anew from journal/");
}

// What an older version exported has no chain: then its own chain.json names no head.
void look_for_a_chain_taken_away(const fs::path& bundle, VerifiedJournal& report) {
  std::error_code ignored;
  const auto sums = check_sums(bundle);
  if (!sums && fs::exists(bundle / kSumsFile, ignored)) return judge(report, sums.error().message, false);
  const auto manifest = read_manifest(bundle);
  if (manifest && manifest->head.sequence > 0)
    judge(report,
          fmt::format("its chain of hashes was taken away: {} says that it ended with the head {}", kManifestFile,
                      text_of(manifest->head)),
          false);
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
  const bool never_chained = report && report->cannot_tell && report->head.sequence == 0;
  if (!report || place.bundle.empty() || !(report->intact() || report->cannot_tell)) return report;
  if (never_chained) {
    look_for_a_chain_taken_away(place.bundle, *report);
  } else {
    compare_with_bundle(place.bundle, *report);
  }
  return report;
}

Result<Vouching> vouching_for(const fs::path& given, std::string_view of_no_use) {
  const auto verified = verify_place(given, {});
  Vouching vouching;
  if (!verified) {
    vouching.doubt =
        fmt::format("nothing vouches for the journal in {}: {}", given.string(), verified.error().message);
  } else if (verified->cannot_tell && verified->head.sequence == 0) {
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
