#include "runtime/self_test/missing_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "projectx/rest/endpoint.h"
#include "rules/rule.h"

namespace rm {
namespace {

using projectx::Endpoint;
using Found = ReachedLinks::Found;

struct Scene {
  const IsolatedSystem& system;
  const RuleConfig& rule;
  const Breach& breach;
  BrokerTime begin;
  Duration stale_after;
};

bool answers(const Breach& breach, const BrokerAsk& ask) {
  const auto* close = std::get_if<ClosePosition>(&ask);
  const auto* reduce = std::get_if<ReducePosition>(&ask);
  const auto* place = std::get_if<PlaceStop>(&ask);
  switch (breach.action) {
    case Breach::Action::Reduce:
      return (close && close->contract == breach.contract) || (reduce && reduce->contract == breach.contract);
    case Breach::Action::Close:
      return close && close->contract == breach.contract;
    case Breach::Action::Cancel:
      return std::holds_alternative<CancelOrder>(ask);
    case Breach::Action::MoveStop:
      return std::holds_alternative<ModifyStop>(ask);
    case Breach::Action::PlaceStop:
      return place && place->contract == breach.contract;
  }
  return false;
}

Endpoint endpoint_of(const BrokerAsk& ask) {
  if (std::holds_alternative<ClosePosition>(ask)) return Endpoint::CloseContract;
  if (std::holds_alternative<ReducePosition>(ask)) return Endpoint::PartialCloseContract;
  if (std::holds_alternative<CancelOrder>(ask)) return Endpoint::OrderCancel;
  if (std::holds_alternative<ModifyStop>(ask)) return Endpoint::OrderModify;
  return Endpoint::OrderPlace;
}

const BrokerAsk* answering_ask(const Scene& scene) {
  const auto& asked = scene.system.reached().asked();
  const auto found = std::ranges::find_if(asked, [&](const BrokerAsk& ask) { return answers(scene.breach, ask); });
  return found == asked.end() ? nullptr : &*found;
}

std::string named_in(const BrokerAsk& ask, const Scene& scene) {
  if (const auto* cancel = std::get_if<CancelOrder>(&ask))
    return fmt::format("\"orderId\":{}", cancel->order.value());
  if (const auto* move = std::get_if<ModifyStop>(&ask)) return fmt::format("\"orderId\":{}", move->order.value());
  return fmt::format("\"{}\"", scene.system.book().contracts().at(scene.breach.contract).broker_id);
}

bool was_posted(const BrokerAsk& ask, const Scene& scene) {
  const std::string_view path = projectx::info_of(endpoint_of(ask)).path;
  const std::string named = named_in(ask, scene);
  const std::string account = fmt::format("\"accountId\":{}", scene.system.book().id().value());
  return std::ranges::any_of(scene.system.broker().asked_for(), [&](const IsolatedBroker::Post& post) {
    return post.path == path && post.body.contains(named) && post.body.contains(account);
  });
}

// The rule alone, on the book as it is: what it says now, and what at the end of the time that passed since `begin`.
bool finds_it_alone(const Scene& scene) {
  const RuleSpec* spec = find_rule(scene.rule.rule);
  if (!spec) return false;
  const auto rule = spec->make(scene.rule);
  const AccountBook& book = scene.system.book();
  for (const BrokerTime at : {scene.begin, scene.system.now()}) {
    const RiskEvent event{TimePassed{}, at};
    Findings findings;
    findings.rule = scene.rule.rule;
    rule->evaluate(RuleInput{book, event, at, scene.stale_after}, findings);
    if (scene.breach.reason.empty() && !findings.tightenings.empty()) return true;
    for (const Violation& violation : findings.violations) {
      if (code(violation.reason) == scene.breach.reason) return true;
    }
  }
  return false;
}

// ── link by link, in the order of the path ───────────────────────────────────────────────────────────────────────

std::optional<MissingLink> of_the_wiring(const Scene& scene) {
  const EventBus& bus = scene.system.guardian().bus();
  for (const std::string_view handler : {"book", "risk_engine", "enforcement_executor"}) {
    if (!bus.reaches(handler)) return MissingLink{PathLink::EventBus, fmt::format("{} is not subscribed", handler)};
  }
  const AccountGuard* guard = scene.system.guardian().engine().find(scene.system.book().id());
  if (!guard || std::ranges::find(guard->rules(), scene.rule.rule, &GuardedRule::name) == guard->rules().end())
    return MissingLink{PathLink::RiskEngine, "the rule is not registered with it"};
  return std::nullopt;
}

std::optional<MissingLink> of_the_event(const Scene& scene) {
  if (const auto& lost = scene.system.unbridged())
    return MissingLink{PathLink::EventBridge, fmt::format("no event came of {}", projectx::name_of(lost->target))};
  const ReachedLinks& reached = scene.system.reached();
  if (!reached.failures().empty()) {
    const HandlerFailure& failure = reached.failures().front();
    return MissingLink{PathLink::EventBus,
                       fmt::format("{} failed on an event: {}", failure.handler, failure.message)};
  }
  if (reached.heard() < scene.system.bridged()) {
    return MissingLink{PathLink::EventBus, fmt::format("of {} events {} came to the last subscriber",
                                                       scene.system.bridged(), reached.heard())};
  }
  return std::nullopt;
}

std::optional<MissingLink> of_the_book(const Scene& scene) {
  const IsolatedBroker& broker = scene.system.broker();
  const AccountBook& book = scene.system.book();
  if (!broker.was_read()) return MissingLink{PathLink::TradingSuite, "no read of the account came to the gateway"};
  if (book.sync() != SyncState::Synchronised) {
    const std::string& why = scene.system.reached().read_problem();
    return MissingLink{PathLink::Book, why.empty() ? "it took no snapshot of the account" : why};
  }
  const Holding* holding = book.holding(scene.breach.contract);
  const Lots held = holding ? holding->size : Lots{};
  if (held != broker.size()) {
    return MissingLink{PathLink::Book,
                       fmt::format("it shows {} contracts where {} are held", held.value(), broker.size().value())};
  }
  if (book.orders().all().size() != broker.working_orders())
    return MissingLink{PathLink::Book, "it does not show the order that works"};
  if (book.can_trade() != broker.can_trade())
    return MissingLink{PathLink::Book, "it does not show whether the account may trade"};
  return std::nullopt;
}

std::optional<MissingLink> of_the_lock(const Scene& scene, const Found& found) {
  const auto& wanted = scene.breach.lock;
  if (!wanted) return std::nullopt;
  if (!found.lock || found.lock->kind != wanted->kind || found.lock->symbol.has_value() != wanted->of_symbol)
    return MissingLink{PathLink::Rule, fmt::format("it found {}, but not the lock that belongs to it", found.reason)};
  if (!found.decided_lock) return MissingLink{PathLink::RiskEngine, "its decision sets no lock"};
  return std::nullopt;
}

std::optional<MissingLink> of_the_decision(const Scene& scene) {
  const ReachedLinks& reached = scene.system.reached();
  if (scene.breach.reason.empty()) {  // no decision belongs to it
    if (answering_ask(scene) || finds_it_alone(scene)) return std::nullopt;
    return MissingLink{PathLink::Rule, "it wants no stop where one belongs"};
  }
  const Found* found = nullptr;  // of several the one with its lock: outside of a session more than one symbol is
  for (const Found& each : reached.found()) {
    if (each.rule != scene.rule.rule || each.reason != scene.breach.reason) continue;
    if (!found || of_the_lock(scene, *found)) found = &each;
  }
  if (!found) {
    if (finds_it_alone(scene))
      return MissingLink{PathLink::RiskEngine,
                         fmt::format("the rule finds {}, and it decides nothing", scene.breach.reason)};
    return MissingLink{PathLink::Rule, fmt::format("it does not find {}", scene.breach.reason)};
  }
  if (const auto missing = of_the_lock(scene, *found)) return missing;
  if (!found->has_goal) return MissingLink{PathLink::Rule, "it does not say what must become true"};
  if (!found->decided_goal)
    return MissingLink{PathLink::RiskEngine, "its decision does not say what must become true"};
  return std::nullopt;
}

std::optional<MissingLink> of_the_request(const Scene& scene) {
  const BrokerAsk* ask = answering_ask(scene);
  if (!ask) return MissingLink{PathLink::Executor, fmt::format("it asked for no {}", name_of(scene.breach.action))};
  if (was_posted(*ask, scene)) return std::nullopt;
  return MissingLink{PathLink::TradingSuite, fmt::format("{} was asked for and did not come to the gateway as {}",
                                                         name_of(*ask), projectx::info_of(endpoint_of(*ask)).path)};
}

}  // namespace

std::string_view name_of(PathLink link) {
  constexpr std::array<std::string_view, 7> kNames{"event bridge", "event bus", "book",         "rule",
                                                   "risk engine",  "executor",  "trading suite"};
  return kNames[static_cast<std::size_t>(link)];
}

bool was_answered(const IsolatedSystem& system, const Breach& breach) {
  const auto& asked = system.reached().asked();
  return std::ranges::any_of(asked, [&](const BrokerAsk& ask) { return answers(breach, ask); });
}

std::optional<MissingLink> missing_link(const IsolatedSystem& system, const RuleConfig& rule, const Breach& breach,
                                        BrokerTime begin, Duration stale_after) {
  const Scene scene{system, rule, breach, begin, stale_after};
  for (const auto& look : {of_the_wiring, of_the_event, of_the_book, of_the_decision, of_the_request}) {
    if (auto missing = look(scene)) return missing;
  }
  return std::nullopt;
}

}  // namespace rm
