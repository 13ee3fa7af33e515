// symbol_blocks: nothing may be held or ordered in these symbols. The first time, it is closed and the symbol locked
// hard until the reset; from then on the lock undoes what comes.

#include <algorithm>

#include "rules/spec.h"
#include "rules/symbol_match.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"symbols", ParamKind::SymbolList, Bound::Any, "", true, "",
     "The blocked symbols; * stands for any text and ? for one character, as in \"M*\".", Stricter::More},
};

class SymbolBlocks final : public Rule {
 public:
  explicit SymbolBlocks(const RuleConfig& config) : symbols_{config.get<std::vector<std::string>>("symbols")} {}

  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .orders = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    for (const Holding& holding : input.book.holdings()) {
      if (!holding.size.is_zero()) look_at(holding.contract, input, findings);
    }
    for (const Order& order : input.book.orders().all()) {
      const Holding* holding = input.book.holding(order.contract);
      const bool done_already = holding && !holding->size.is_zero();
      if (!done_already && first_of_its_contract(input.book, order)) look_at(order.contract, input, findings);
    }
  }

  [[nodiscard]] RuleStatus status(const AccountBook& book) const override {
    std::string list;
    for (const std::string& symbol : symbols_) list += (list.empty() ? "" : ", ") + symbol;
    const bool active =
        std::ranges::any_of(book.holdings(),
                            [&](const Holding& h) { return !h.size.is_zero() && blocked(book, h.contract); }) ||
        std::ranges::any_of(book.orders().all(), [&](const Order& o) { return blocked(book, o.contract); });
    return {list.empty() ? "no symbol" : list, active ? "open or ordered" : "nothing open", active ? 100 : 0};
  }

 private:
  [[nodiscard]] bool blocked(const AccountBook& book, ContractId contract) const {
    return blocked_.get(book.contracts(), contract, [&](const Contract& c) {
      return std::ranges::any_of(symbols_,
                                 [&](const std::string& symbol) { return means(symbol, book.contracts(), c); });
    });
  }
  [[nodiscard]] static bool first_of_its_contract(const AccountBook& book, const Order& order) {
    const auto first = std::ranges::find(book.orders().all(), order.contract, &Order::contract);
    return first->id == order.id;
  }

  void look_at(ContractId contract, const RuleInput& input, Findings& findings) const {
    if (!blocked(input.book, contract)) return;
    const Reason reason = SymbolBlocked{contract};
    const Lock lock = symbol_lock(input.book, input.book.contracts().at(contract).symbol, findings.rule, reason,
                                  input.now, UntilTime{input.book.next_reset()});
    // While the lock holds, it is what acts, and counts the strikes.
    if (!input.book.locks().covers(lock)) findings.violate(reason, flat_contract(contract), lock);
  }

  std::vector<std::string> symbols_;
  PerContract<bool> blocked_;
};

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const auto& symbols = config.get<std::vector<std::string>>("symbols");
  const auto blocked = ground.find([&](ContractId id) {
    return std::ranges::any_of(
        symbols, [&](const std::string& s) { return means(s, ground.contracts, ground.contracts.at(id)); });
  });
  if (!blocked) return std::unexpected{"none of the contracts there are is blocked"};
  return Breach{*blocked}
      .enter(Side::Buy, 1)
      .follows<SymbolBlocked>(Breach::Action::Close, Breach::SetsLock{LockKind::Hard, true});
}

}  // namespace

const RuleSpec& spec_symbol_blocks() {
  static const RuleSpec spec{"symbol_blocks",
                             "Keeps you out of symbols: what is opened or ordered there is closed and cancelled at "
                             "once, and the symbol is locked.",
                             kParams, make_rule<SymbolBlocks>, breach};
  return spec;
}

}  // namespace rm
