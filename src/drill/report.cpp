#include "drill/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "drill/paper_config.h"

namespace rm::drill {
namespace {

// In the matrix: milliseconds with as many digits as there is room for.
std::string cell(const Evidence& evidence) {
  if (!evidence.proven) return "NOT";
  if (!evidence.at_ns) return "yes";
  const std::int64_t us = *evidence.at_ns / 1000;
  const std::int64_t size = std::abs(us);
  if (size < 100'000) return fmt::format("{}{}.{:02}", us < 0 ? "-" : "", size / 1000, size / 10 % 100);
  return fmt::format("{}{}", us < 0 ? "-" : "", size / 1000);
}

std::string name_of(const RuleResult& rule, bool several_accounts) {
  return several_accounts ? fmt::format("{} ({})", rule.rule, rule.account) : rule.rule;
}

void append_matrix(std::string& out, const Report& report, bool several) {
  std::size_t width = 4;
  for (const RuleResult& rule : report.rules) width = std::max(width, name_of(rule, several).size());
  out += fmt::format("{:<{}}", "rule", width);
  for (const LinkName& link : link_names()) out += fmt::format(" {:>6}", link.id);
  out += '\n';
  for (const RuleResult& rule : report.rules) {
    out += fmt::format("{:<{}}", name_of(rule, several), width);
    if (!rule.problem.empty()) {
      out += "  NOT DONE: " + rule.problem + '\n';
      continue;
    }
    for (const Evidence& evidence : rule.judgement.links) out += fmt::format(" {:>6}", cell(evidence));
    out += '\n';
  }
  out +=
      "(milliseconds since the gateway sent what broke the rule; yes: proven, without a time; NOT: not proven.\n"
      "Requests leave first; what a person reads is written after, so R6 to R8 may carry a later time than R11.)\n";
}

void append_rule(std::string& out, const RuleResult& rule, bool several) {
  out += fmt::format("\n── {} ──\n", name_of(rule, several));
  out += fmt::format("broken by  {}\n", fmt::join(rule.steps, "; "));
  if (!rule.note.empty()) out += "note       " + rule.note + '\n';
  if (!rule.problem.empty()) out += "NOT DONE   " + rule.problem + '\n';
  const Judgement& judgement = rule.judgement;
  if (!judgement.earlier.empty())
    out += fmt::format("before it  broken on the way: {}\n", fmt::join(judgement.earlier, ", "));
  if (!judgement.together.empty())
    out += fmt::format("with it    broken by the same event: {}\n", fmt::join(judgement.together, ", "));
  if (rule.problem.empty() || !judgement.sentence.empty()) {
    for (std::size_t i = 0; i < kLinks; ++i) {
      const Evidence& evidence = judgement.links[i];
      out +=
          fmt::format("  {:<3} {:<14} {:<10} {:>14}  {}\n", link_names()[i].id, link_names()[i].name,
                      evidence.proven ? "proven" : "NOT PROVEN", time_text(evidence.at_ns), evidence_text(evidence));
    }
  }
  if (!judgement.story.empty()) out += "what happened\n";
  for (const StoryLine& line : judgement.story)
    out += fmt::format("  {:>14}  {:<13}  {}\n", time_text(line.at_ns), line.who, line.text);
}

}  // namespace

bool Report::proven() const {
  return !rules.empty() && std::ranges::all_of(rules, &RuleResult::proven);
}

std::string Report::verdict() const {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(rules, &RuleResult::proven));
  std::string sentence = fmt::format("{} of {} rules are proven in all {} links, in {}.{} s", count, rules.size(),
                                     kLinks, took_ms / 1000, took_ms / 100 % 10);
  for (const RuleResult& rule : rules) {
    if (rule.proven()) continue;
    const auto missing = rule.judgement.first_missing();
    sentence += rule.problem.empty() && missing ? fmt::format("; {}: {} {} is not proven", rule.rule,
                                                              link_names()[*missing].id, link_names()[*missing].name)
                                                : fmt::format("; {}: not done", rule.rule);
  }
  return sentence;
}

std::string time_text(std::optional<std::int64_t> at_ns) {
  if (!at_ns) return {};
  const std::int64_t us = std::abs(*at_ns) / 1000;
  return fmt::format("{}{}.{:03} ms", *at_ns < 0 ? '-' : '+', us / 1000, us % 1000);
}

std::string evidence_text(const Evidence& evidence) {
  if (evidence.where.empty()) return evidence.text;
  return fmt::format("{} [{}]", evidence.text, evidence.where);
}

std::string report_text(const Report& report) {
  const bool several = std::ranges::any_of(
      report.rules, [&](const RuleResult& rule) { return rule.account != report.rules.front().account; });
  std::string out;
  for (const RuleResult& rule : report.rules) append_rule(out, rule, several);
  out += '\n';
  append_matrix(out, report, several);
  out +=
      "\nReplaced for the drill; everything else is as you configured it, each rule on a paper account of its own:\n";
  for (const std::string_view setting : replaced_settings()) out += fmt::format("  {}\n", setting);
  return out + "\ndrill: " + report.verdict() + '\n';
}

}  // namespace rm::drill
