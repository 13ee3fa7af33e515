#include "runtime/rule_proof.h"

#include <fmt/format.h>

#include <chrono>

#include "observe/log.h"
#include "runtime/self_test/self_test.h"

namespace rm {
namespace {

class Proof {
 public:
  Proof(const ContractTable& contracts, const Guardian& guardian, BrokerTime now)
      : guardian_{guardian},
        test_{contracts, guardian.book().calendar(), isolated(guardian.settings()), now},
        begin_{std::chrono::steady_clock::now()} {}

  void prove(const ConfigInForce& in_force) {
    for (const auto& book : guardian_.book().accounts()) test_.prove(book->id(), in_force.rules_of(book->id()));
  }
  // What waits for the next trading day is tried too, and not counted.
  void prove_next_day(ConfigInForce in_force) {
    proven_ = test_.report().proven;
    if (in_force.pending().empty()) return;
    in_force.begin_day();
    prove(in_force);
  }
  void look_for(const ConfigInForce& in_force) {
    for (const auto& book : guardian_.book().accounts())
      test_.look_for(book->id(), in_force.rules_of(book->id()), guardian_.engine());
  }

  // Says it, and gives the sentence of what failed.
  [[nodiscard]] std::optional<std::string> ended() const {
    const SelfTestReport& report = test_.report();
    for (const std::string& sentence : report.unprovable)
      log(Level::Warning, "rule_not_proven", sentence + "; the self-test leaves it out");
    if (report.failure) return report.failure->sentence();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin_);
    checkpoint(
        "self_test",
        fmt::format("self-test: {} rules proven in {}.{} ms", proven_, us.count() / 1000, us.count() % 1000 / 100),
        {{"rules", proven_}, {"took_us", us.count()}});
    return std::nullopt;
  }

 private:
  static Guardian::Settings isolated(Guardian::Settings settings) {
    settings.next_enforcement = EnforcementId{1};
    settings.next_request = RequestId{1};
    settings.shared = nullptr;
    return settings;
  }

  const Guardian& guardian_;
  SelfTest test_;
  std::size_t proven_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace

std::optional<std::string> unproven_at_start(const ContractTable& contracts, const Guardian& guardian,
                                             const ConfigInForce& in_force, BrokerTime now) {
  Proof proof{contracts, guardian, now};
  proof.look_for(in_force);
  proof.prove(in_force);
  proof.prove_next_day(in_force);
  return proof.ended();
}

std::optional<std::string> unproven_with(const Config& wanted, const ContractTable& contracts,
                                         const Guardian& guardian, ConfigInForce in_force, BrokerTime now) {
  Proof proof{contracts, guardian, now};
  in_force.want(wanted);
  proof.prove(in_force);
  proof.prove_next_day(std::move(in_force));
  return proof.ended();
}

}  // namespace rm
