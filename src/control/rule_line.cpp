#include "control/rule_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "control/words.h"
#include "domain/decimal.h"

namespace rm {
namespace {

constexpr std::int64_t kNanosPerCent = kNanosPerUnit / 100;

// "5 MNQ" begins with 5. Empty: it begins with a word.
std::optional<std::int64_t> leading_number(const std::string& text) {
  const auto number = parse_nanos(text.substr(0, text.find(' ')));
  return number ? std::optional{*number} : std::nullopt;
}

bool nothing_open(const AccountBook& book) {
  return std::ranges::all_of(book.holdings(), [](const Holding& h) { return h.size.is_zero(); });
}

std::string without_stop(const GuardedRule& rule, const RuleStatus& status, const AccountBook& book) {
  if (status.value == "0") return "nothing open is without a stop";
  std::string text = fmt::format("{} contract{} without a stop", status.value, status.value == "1" ? "" : "s");
  for (const RunningClock& clock : rule.rule->clocks())
    text +=
        fmt::format(", {} since {}", contract_name(clock.contract, book.contracts()), format_timestamp(clock.since));
  const auto due = rule.rule->next_deadline();
  if (due) return text + ", to be closed at " + format_timestamp(*due);
  return rule.rule->clocks().empty() ? text : text + ", longer than allowed";
}

std::string sessions(const RuleStatus& status) {
  if (status.value == "unknown") return "not known yet whether it is inside the sessions";
  const auto until = std::min(status.value.find(' '), status.value.size());
  return status.value.substr(0, until) + " the sessions" + status.value.substr(until);
}

std::string management(const RuleStatus& status, const AccountBook& book) {
  if (nothing_open(book)) return fmt::format("nothing open; it acts from {} ticks of profit on", status.limit);
  return fmt::format("{} of {} ticks of profit from which on it acts", status.value, status.limit);
}

std::string right_to_trade(const RuleStatus& status) {
  if (status.value == "unknown") return "not known yet whether the broker allows trading";
  return status.value == status.limit ? "the broker allows trading" : "the broker does NOT allow trading";
}

}  // namespace

std::string margin_text(const std::string& value, const std::string& limit, std::int64_t used_percent) {
  const auto from = leading_number(value), to = leading_number(limit);
  if (!from || !to) return {};
  const std::int64_t way = *to < 0 ? *from - *to : *to - *from;
  const bool money = value.find('.') != std::string::npos || limit.find('.') != std::string::npos;
  const bool beyond = way < 0 || (way == 0 && used_percent >= 100 && *to == 0 && *from != 0);
  return format_nanos(std::abs(way), money ? 2 : 0) + (beyond ? " beyond" : " left");
}

std::string in_cents(const std::string& text) {
  const auto number = leading_number(text);
  const auto end = std::min(text.find(' '), text.size()), point = text.find('.');
  if (!number || point > end || end - point <= 3) return text;
  const std::int64_t half = *number < 0 ? -kNanosPerCent / 2 : kNanosPerCent / 2;
  return format_nanos((*number + half) / kNanosPerCent * kNanosPerCent, 2) + text.substr(end);
}

std::string stand_words(const GuardedRule& rule, const RuleStatus& status, const AccountBook& book) {
  if (rule.name == "no_stop_loss_grace") return without_stop(rule, status, book);
  if (rule.name == "session_block_outside") return sessions(status);
  if (rule.name == "trade_management") return management(status, book);
  if (rule.name == "auth_loss_guard") return right_to_trade(status);
  if (rule.name == "symbol_blocks") return fmt::format("{} in {}", status.value, status.limit);
  // What it holds otherwise is "3 of 3 MNQ".
  if (rule.name == "max_contracts_per_instrument" && !leading_number(status.limit)) return status.limit;
  return {};
}

}  // namespace rm
