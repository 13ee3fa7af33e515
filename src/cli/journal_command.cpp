#include "cli/journal_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <optional>
#include <ostream>

#include "config/load.h"
#include "control/paths.h"
#include "domain/counted.h"
#include "evidence/bundle.h"
#include "evidence/vouching.h"

namespace rm {
namespace {

// What verifying found, where it found something.
std::string finding(const std::filesystem::path& dir, const VerifiedJournal& report) {
  return fmt::format("the journal in {} {}: {}", dir.string(),
                     report.cannot_tell ? "cannot be verified" : "is NOT what was written", report.problem);
}

// No more than what something vouches for.
std::string verdict(const VerifiedJournal& report) {
  const std::string open = unvouched(report);
  if (open.empty()) return "nothing was changed, taken out, put in or moved since it was written";
  if (report.vouched_for < report.first_sequence) return open;
  return fmt::format(
      "records {} to {} are as they were written; {}: the process that wrote them is at it, or was killed",
      report.first_sequence, report.vouched_for, open);
}

constexpr int kFits = 0, kFailed = 1;

int refuse(std::ostream& err, const std::string& sentence) {
  fmt::print(err, "risk-manager: {}\n", sentence);
  return kFailed;
}

Result<std::optional<BrokerTime>> time_of(const std::string& text, std::string_view option) {
  if (text.empty()) return std::optional<BrokerTime>{};
  const auto time = parse_timestamp(text);
  if (!time)
    return fail(ErrorCode::Malformed,
                fmt::format("{}: found '{}', allowed is a time such as 2026-11-23T14:30:00Z", option, text));
  return std::optional{*time};
}

}  // namespace

int verify_journal_command(const std::filesystem::path& given, const std::vector<std::string>& heads,
                           std::ostream& out, std::ostream& err) {
  const auto dir = given.empty() ? default_data_dir() : given;
  std::vector<ChainTip> anchors;
  for (const std::string& head : heads) {
    const auto tip = parse_tip(head);
    if (!tip) return refuse(err, fmt::format("--head: found '{}', {}", head, tip.error().message));
    anchors.push_back(*tip);
  }
  const auto report = verify_place(dir, anchors);
  if (!report) return refuse(err, report.error().message);
  for (const std::string& remark : report->remarks) fmt::print(out, "note: {}\n", remark);
  if (!report->intact()) {
    out.flush();
    return refuse(err, finding(dir, *report));
  }
  fmt::print(out, "{}: {} in {}, {} to {}\n", dir.string(), counted(report->records, "record"),
             counted(report->files, "file"), report->first_time ? format_timestamp(*report->first_time) : "no time",
             report->last_time ? format_timestamp(*report->last_time) : "no time");
  fmt::print(out, "{}\n", verdict(*report));
  for (const ChainTip& anchor : anchors) fmt::print(out, "the given head fits: {}\n", text_of(anchor));
  if (report->head.sequence != 0) fmt::print(out, "head {}\n", text_of(report->head));
  out.flush();
  return kFits;
}

int export_journal_command(const std::filesystem::path& given, const std::filesystem::path& to,
                           const std::string& from, const std::string& to_time, std::ostream& out,
                           std::ostream& err) {
  const auto dir = given.empty() ? default_data_dir() : given;
  const auto begin = time_of(from, "--from");
  if (!begin) return refuse(err, begin.error().message);
  const auto end = time_of(to_time, "--to-time");
  if (!end) return refuse(err, end.error().message);
  const auto bundle = write_bundle(dir, to, {*begin, *end}, computer_time());
  if (!bundle) return refuse(err, bundle.error().message);
  fmt::print(out, "{}: {} in words, {}\n", to.string(), counted(bundle->records, "record"),
             counted(bundle->files, "journal file"));
  if (bundle->withheld > 0)
    fmt::print(out, "{} with the arguments of notify.command withheld, their place in the chain is kept\n",
               counted(bundle->withheld, "record"));
  out.flush();
  if (bundle->verified.intact()) return kFits;
  return refuse(err, "exported, but " + finding(dir, bundle->verified));
}

}  // namespace rm
