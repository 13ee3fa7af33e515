#pragma once
// The whole system in this process, on its real loop, sockets, store and log, against a paper gateway in another
// process.

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "runtime/guardian.h"
#include "support/eventually.h"
#include "support/paper_gateway_process.h"

namespace rm::test {

class RunningSystem {
 public:
  // `config` is YAML without a gateway. The data directory outlives the object: a second one continues where the
  // first ended.
  RunningSystem(const PaperGatewayProcess& paper, const std::string& config, const std::filesystem::path& data_dir);
  ~RunningSystem();  // ends it in order
  RunningSystem(const RunningSystem&) = delete;
  RunningSystem& operator=(const RunningSystem&) = delete;

  // Runs the loop until the condition holds. False: it did not within a generous deadline.
  template <class Condition>
  [[nodiscard]] bool until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + kGenerous;
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end) return false;
      turn();
    }
    return true;
  }
  [[nodiscard]] bool until_protecting();

  [[nodiscard]] const Guardian& guardian() const;
  [[nodiscard]] const AccountBook& book(std::int64_t account = kAccount) const;
  [[nodiscard]] int held(std::string_view contract, std::int64_t account = kAccount) const;  // signed
  [[nodiscard]] std::int64_t net_cents(std::int64_t account = kAccount) const;  // of the trades of the day
  [[nodiscard]] BrokerTime now() const;
  [[nodiscard]] bool locked(std::int64_t account = kAccount) const;
  [[nodiscard]] std::size_t verified() const;  // enforcements of this run whose goal the broker has shown
  [[nodiscard]] Json status() const;
  [[nodiscard]] std::string metrics() const;
  [[nodiscard]] std::string start_failure() const;  // empty: none
  [[nodiscard]] bool write_out();                   // everything recorded is in the database

 private:
  void turn();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm::test
