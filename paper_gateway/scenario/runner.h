#pragma once
// Plays a scenario and its price feed against an exchange. Pure: time is an argument, the owner keeps one timer.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "paper_gateway/scenario/scenario.h"

namespace paper {

// One line for a person who watches: "trader buys 2 MNQ, market". Fills are the exchange's to tell.
using Story = std::function<void(PaperTime, const std::string&)>;

// Uses a control of the gateway; what was wrong with it, if anything.
using Controls = std::function<std::optional<std::string>(const ControlStep&)>;

class ScenarioRunner {
 public:
  // `exchange` was set_up() with the same scenario and must outlive the runner. The feed begins at the scenario's
  // start time, so that a day is the same to the nanosecond however long the program took to get ready; without one,
  // `now`.
  ScenarioRunner(Scenario scenario, Exchange& exchange, PaperTime now, Story story = {}, Controls controls = {});
  ~ScenarioRunner();
  ScenarioRunner(const ScenarioRunner&) = delete;
  ScenarioRunner& operator=(const ScenarioRunner&) = delete;

  std::optional<PaperTime> next_deadline() const;  // nullopt: nothing is going to happen by itself
  void on_time(PaperTime now);                     // does everything due at or before `now`, in order of its time
  // A client has subscribed to a user-hub event. The first call begins the story; later ones do nothing.
  void on_client_subscribed(PaperTime now);
  // Somebody else set a price (control call): the random walk goes on from there.
  void on_price_set(const std::string& contract, Decimal price);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paper
