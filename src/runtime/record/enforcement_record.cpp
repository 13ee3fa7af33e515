#include "runtime/record/enforcement_record.h"

#include <fmt/format.h>

#include "control/words.h"
#include "observe/log.h"
#include "runtime/record/milliseconds.h"

namespace rm {
namespace {

constexpr std::size_t kKeptReceipts = 100;

// 0: one of the two is not known, of a decision by time or of before a restart.
std::int64_t between(std::int64_t from_ns, std::int64_t to_ns) {
  return from_ns && to_ns ? to_ns - from_ns : 0;
}

std::string verified_text(const Receipt& receipt, const std::string& rules) {
  if (receipt.received_ns == 0) return fmt::format("the broker shows the goal of {}", rules);
  if (!receipt.first_sent_ns) return fmt::format("the broker shows the goal of {}: nothing was left to do", rules);
  return fmt::format(
      "the broker shows the goal of {}: request out {:.3f} ms after the event, verified after {:.1f} ms", rules,
      milliseconds(between(receipt.received_ns, receipt.first_sent_ns)),
      milliseconds(between(receipt.received_ns, receipt.verified_ns)));
}

}  // namespace

void EnforcementRecord::before_acting(const Decision& decision) {
  store_.record_decision(decision);
}

void EnforcementRecord::after_acting(const Decision& decision) {
  for (const Violation& violation : decision.violations) say_violation(decision, violation);
  say_goal(decision);
}

void EnforcementRecord::say_violation(const Decision& decision, const Violation& violation) {
  metrics_.count_decision(violation.rule);
  const std::string text = fmt::format("{}: {}", violation.rule, reason_text(violation.reason, contracts_));
  log(Level::Warning, "violation", text,
      {{"rule", violation.rule},
       {"violation", code(violation.reason)},
       {"account", decision.account},
       {"enforcement", decision.id}});
  teller_.tell(decision.at, "RULE BROKEN  " + text);
  if (std::holds_alternative<PostConditionBroken>(violation.reason)) {
    say_incident(decision, violation);
    return;
  }
  teller_.note(NoticeKind::Violation, decision.at, decision.account, decision.id, violation.rule, text);
}

// Rules, locks or an enforcement have failed, or the stream hides a lot: acted upon, and a person has to know.
void EnforcementRecord::say_incident(const Decision& decision, const Violation& violation) {
  metrics_.count_incident();
  const std::string text =
      "INCIDENT: " + reason_text(violation.reason, contracts_) + "; it is undone now. Look at the platform";
  log(Level::Error, "incident", text,
      {{"account", decision.account}, {"enforcement", decision.id}, {"violation", code(violation.reason)}});
  teller_.tell(decision.at, text);
  teller_.note(NoticeKind::Incident, decision.at, decision.account, decision.id, violation.rule, text);
}

void EnforcementRecord::say_goal(const Decision& decision) {
  const std::string goal = goal_text(decision.goal, contracts_);
  log(Level::Warning, "decision", goal,
      {{"enforcement", decision.id},
       {"account", decision.account},
       {"trigger", decision.trigger},
       {"trigger_sequence", decision.trigger_sequence},
       {"latency_us", decision.received_ns ? (monotonic_ns_() - decision.received_ns) / 1000 : 0}});
  checkpoint("enforcement_triggered", "enforcement triggered: " + goal,
             {{"enforcement", decision.id}, {"account", decision.account}});
  teller_.tell(decision.at, "DECIDED      " + goal);
}

void EnforcementRecord::on_escalation(const Escalation& escalation, BrokerTime now) {
  metrics_.count_escalation();
  const std::string text = fmt::format(
      "NOT FLAT after {} s: {}. Act at the platform yourself; it is tried again and again meanwhile",
      std::chrono::duration_cast<std::chrono::seconds>(escalation.waiting).count(), escalation.last_answer);
  log(Level::Error, "escalation", text, {{"account", escalation.account}, {"enforcement", escalation.enforcement}});
  teller_.tell(now, text);
  teller_.note(NoticeKind::Escalation, now, escalation.account, escalation.enforcement, {}, text);
}

void EnforcementRecord::on_receipt(const Receipt& receipt) {
  store_.record_receipt(receipt);
  metrics_.count_enforcement_verified();
  const std::int64_t to_sent = between(receipt.received_ns, receipt.first_sent_ns);
  const std::int64_t to_verified = between(receipt.received_ns, receipt.verified_ns);
  if (to_sent) metrics_.observe_decision_to_sent(to_sent);
  if (to_verified) metrics_.observe_time_to_flat(to_verified);
  const std::string rules = fmt::format("{}", fmt::join(receipt.rules, ", "));
  const std::string text = verified_text(receipt, rules);
  checkpoint("enforcement_verified", text,
             {{"enforcement", receipt.enforcement},
              {"account", receipt.account},
              {"rule", rules},
              {"latency_us", to_sent / 1000},
              {"verified_us", to_verified / 1000},
              {"requests", receipt.steps.size()},
              {"attempts", receipt.attempts}});
  teller_.tell(receipt.verified_at, "VERIFIED     " + text);
  teller_.note(NoticeKind::Verified, receipt.verified_at, receipt.account, receipt.enforcement, rules, text);
  if (receipts_.size() == kKeptReceipts) receipts_.erase(receipts_.begin());
  receipts_.push_back(receipt);
}

}  // namespace rm
