#pragma once
// The other side of BrokerApi for unit tests: accounts that remember, answers and stream messages that take their
// time, and everything that goes wrong on the way. Time is a variable; whoever owns the broker calls advance().

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "projectx/suite/broker_api.h"
#include "support/fake_account.h"

namespace rm::test {

// What can become of one request.
enum class Fault {
  None,
  LoseAnswer,       // done at the broker, unknown to us: ambiguous after the time-out
  ResetBeforeDone,  // ambiguous at once; the broker executes it a moment later
  LoseRequest,      // never arrives; ambiguous after the time-out
  NotSent,
  RateLimited,
  Unauthorised,
  Refuse,
  SlowAnswer,    // done at once, answered seconds later
  SilentStream,  // done and answered, but the stream says nothing of it
  LateStream,    // done and answered, the stream says so a second later
};
inline constexpr Fault kAllFaults[] = {
    Fault::LoseAnswer,   Fault::ResetBeforeDone, Fault::LoseRequest, Fault::NotSent,      Fault::RateLimited,
    Fault::Unauthorised, Fault::Refuse,          Fault::SlowAnswer,  Fault::SilentStream, Fault::LateStream};
std::string_view name_of(Fault fault);

class FakeBroker final : public BrokerApi {
 public:
  explicit FakeBroker(const ContractTable& contracts) : contracts_{contracts} {}

  FakeAccount& add_account(AccountId id);
  [[nodiscard]] FakeAccount& account(AccountId id) { return *accounts_.at(id); }

  void send(const BrokerRequest& request) override;

  // ── the world ──
  using Said = std::variant<RiskEventBody, BrokerReply>;
  [[nodiscard]] std::optional<BrokerTime> next_due() const;
  // The next message or answer that is due at or before `now`; requests that arrive meanwhile are executed.
  std::optional<Said> advance(BrokerTime now);
  // What a trader or the market does: executed now; the stream says so now.
  void act(AccountId account, BrokerTime now, const std::function<void(FakeAccount&, FakeAccount::Told&)>& what);
  // The connection is gone: stream messages on their way never come. Requests that left still arrive.
  void hang_up();
  // Remembers the state, for reads that lag.
  void remember(BrokerTime now);

  Duration to_broker = std::chrono::milliseconds{10};     // request under way
  Duration stream_after = std::chrono::milliseconds{5};   // from execution to its stream messages
  Duration answer_after = std::chrono::milliseconds{20};  // from execution to the answer
  Duration time_out = std::chrono::seconds{3};
  Duration read_lag{};                                  // reads show the world of this much earlier
  bool stream_up = true;                                // down: what happens is not told and not replayed
  bool reads_fail = false;                              // every read is answered with HTTP 502
  std::function<bool(const BrokerRequest&)> pretend;    // true: it says yes to this request and does nothing
  bool halted = false;                                  // closes and reductions are refused
  std::function<bool(const RiskEventBody&)> lose;       // true: this stream message never comes
  std::function<Duration(const RiskEventBody&)> late;   // this stream message comes so much later, behind others
  std::function<void(FakeAccount::Told&)> garble;       // what was said of one execution comes like this instead
  std::function<void(const BrokerRequest&)> on_sent;    // a request leaves
  std::function<void(const BrokerReply&)> on_answered;  // its answer is about to be handed over

  // ── faults: by the number of the request (counted from 1), or for the next one ──
  std::map<std::size_t, Fault> faults;
  void lose_next_reply() { next_fault_ = Fault::LoseAnswer; }
  void fail_next(Fault fault) { next_fault_ = fault; }
  void refuse_next(int code, std::string text, int times = 1);
  std::vector<BrokerRequest> sent;
  struct Done {  // a close or a reduction that was carried out
    AccountId account;
    TradeId trade;
    ContractId contract;
    bool whole = false;
    BrokerTime at;
    Lots held, gross;  // after it: in the contract, signed, and in all, regardless of the sign
  };
  std::vector<Done> done;
  BrokerTime now;  // set by the owner before anything is sent

 private:
  struct Arrival {
    BrokerRequest request;
    Fault fault;
    BrokerTime left;
  };
  using Item = std::variant<Arrival, RiskEventBody, BrokerReply>;
  void schedule(BrokerTime at, Item item) { queue_.emplace(std::pair{at, ++order_}, std::move(item)); }
  void arrive(const Arrival& arrival, BrokerTime at);
  void execute(const BrokerRequest& request, BrokerTime at, BrokerReply& reply, FakeAccount::Told& told);
  void note_done(const BrokerRequest& request, BrokerTime at, const FakeAccount::Told& told);
  void tell(FakeAccount::Told& told, BrokerTime at);
  void read(const BrokerRequest& request, BrokerTime at, BrokerReply& reply) const;
  [[nodiscard]] BrokerReply blank(const BrokerRequest& request, Outcome outcome, std::string text,
                                  BrokerTime left) const;

  struct Refusal {
    int code;
    std::string text;
  };
  struct Past {
    BrokerTime at;
    std::map<AccountId, FakeAccount> accounts;
  };
  const ContractTable& contracts_;
  std::map<AccountId, std::unique_ptr<FakeAccount>> accounts_;
  std::deque<Past> past_;  // oldest first
  std::map<std::pair<BrokerTime, std::uint64_t>, Item> queue_;
  std::uint64_t order_ = 0;
  BrokerTime said_until_;
  Fault next_fault_ = Fault::None;
  std::deque<Refusal> refusals_;
};

}  // namespace rm::test
