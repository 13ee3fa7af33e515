#include "paper_gateway/scenario/runner.h"

#include <algorithm>
#include <utility>

#include "paper_gateway/feed/replay.h"
#include "paper_gateway/scenario/moves.h"
#include "paper_gateway/scenario/trader.h"

namespace paper {
namespace {

std::unique_ptr<PriceFeed> make_feed(const Scenario& scenario, const Catalogue& catalogue, PaperTime start) {
  const FeedPlan& plan = scenario.feed;
  if (plan.kind == FeedPlan::Kind::RandomWalk) return make_random_walk(plan.walk, scenario.seed, start);
  if (plan.kind == FeedPlan::Kind::None) return nullptr;
  auto replay = make_replay(plan.csv_text, plan.csv_name,
                            {.default_symbol = plan.csv_symbol, .start = start, .loop = plan.csv_loop}, catalogue);
  return replay ? std::move(*replay) : nullptr;  // read once already, when the scenario was loaded
}

std::optional<PaperTime> earlier(std::optional<PaperTime> a, std::optional<PaperTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

struct ScenarioRunner::Impl {
  Impl(Scenario plan, Exchange& venue, PaperTime now, Story story, Controls use)
      : scenario{std::move(plan)},
        exchange{venue},
        trader{venue, std::move(story)},
        controls{std::move(use)},
        feed{make_feed(scenario, venue.catalogue(), scenario.start_time.value_or(now))} {
    if (!scenario.wait_for_client) story_began = now;
  }

  std::optional<PaperTime> next_step() const {
    if (!story_began || position == scenario.steps.size()) return std::nullopt;
    return *story_began + scenario.steps[position].at;
  }

  std::optional<PaperTime> next_price() const {
    return earlier(feed ? feed->next_deadline() : std::nullopt, moves.next_deadline());
  }

  // Everything due, in order of its time: prices up to a step, the step, prices up to the next one …
  void on_time(PaperTime now) {
    skip_whole_rounds(now);
    for (auto step = next_step(); step && *step <= now; step = next_step()) {
      play_prices(*step);
      const Step current = scenario.steps[position];
      advance();
      std::visit([&](const auto& action) { play(action, *step); }, current.action);
    }
    play_prices(now);
  }

  void advance() {
    if (++position < scenario.steps.size() || !scenario.loop) return;
    position = first_of_round();
    *story_began = *story_began + scenario.loop->every;
  }

  std::size_t first_of_round() const {
    const auto first =
        std::ranges::find_if(scenario.steps, [&](const Step& s) { return s.at >= scenario.loop->from; });
    return static_cast<std::size_t>(first - scenario.steps.begin());
  }

  // After a jump of the clock the rounds in between did not happen; the one that is under way does.
  void skip_whole_rounds(PaperTime now) {
    if (!scenario.loop || !story_began) return;
    const Nanos behind = now - (*story_began + scenario.loop->from + scenario.loop->every);
    if (behind < scenario.loop->every) return;
    *story_began = *story_began + scenario.loop->every * (behind / scenario.loop->every);
    position = first_of_round();
  }

  void play_prices(PaperTime now) {
    for (auto due = next_price(); due && *due <= now; due = next_price()) {
      std::vector<FeedEvent> events;
      moves.on_time(now, events);
      for (const auto& event : events) set_price(event.price, event.at, true);
      events.clear();
      if (feed) feed->on_time(now, events);
      for (const auto& event : events) set_price(event.price, event.at, false);
    }
  }

  void set_price(const PriceUpdate& price, PaperTime at, bool recentre) {
    const auto done = exchange.set_price(price, at);
    if (!done) return trader.tell(at, "price not set: " + done.error());
    const auto now_at = price.bid ? price.bid : price.last;
    if (recentre && feed && now_at) feed->recentre(price.contract, *now_at);
  }

  template <class TraderStep>
  void play(const TraderStep& step, PaperTime now) {
    trader.play(step, now);
  }
  void play(const ControlStep& step, PaperTime now) {
    trader.tell(now, "broker: " + step.name + " " + step.body);
    const auto problem = controls ? controls(step) : std::nullopt;
    if (problem) trader.tell(now, "not done: " + *problem);
  }
  void play(const PriceStep& step, PaperTime now) { set_price(step.price, now, true); }
  void play(const MoveStep& step, PaperTime now) {
    const Quote* quote = exchange.quote(step.contract);
    const auto contract = exchange.catalogue().by_id(step.contract);
    if (!contract || quote == nullptr || !quote->last) return trader.tell(now, "no price yet to move from");
    moves.begin(step, *quote->last, contract->tick_size, now);
  }

  Scenario scenario;
  Exchange& exchange;
  Trader trader;
  Controls controls;
  std::unique_ptr<PriceFeed> feed;
  Moves moves;
  std::optional<PaperTime> story_began;  // moved on by one `every` at each new round
  std::size_t position = 0;              // the next step
};

ScenarioRunner::ScenarioRunner(Scenario scenario, Exchange& exchange, PaperTime now, Story story, Controls controls)
    : impl_{std::make_unique<Impl>(std::move(scenario), exchange, now, std::move(story), std::move(controls))} {}

ScenarioRunner::~ScenarioRunner() = default;

std::optional<PaperTime> ScenarioRunner::next_deadline() const {
  return earlier(impl_->next_step(), impl_->next_price());
}

void ScenarioRunner::on_time(PaperTime now) {
  impl_->on_time(now);
}

void ScenarioRunner::on_client_subscribed(PaperTime now) {
  if (!impl_->story_began) impl_->story_began = now;
}

void ScenarioRunner::on_price_set(const std::string& contract, Decimal price) {
  if (impl_->feed) impl_->feed->recentre(contract, price);
}

}  // namespace paper
