#include "evidence/record_words.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "control/words.h"
#include "domain/counted.h"
#include "evidence/event_words.h"
#include "store/codec.h"
#include "store/describe.h"
#include "store/withheld.h"

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

Json time_json(BrokerTime time) {
  return time == BrokerTime{} ? Json(nullptr) : Json(format_timestamp(time));
}

Json json_of(const Trade& t, const ContractTable& contracts) {
  return {{"id", t.id.value()},
          {"contract", contracts.at(t.contract).broker_id},
          {"order", t.order.value()},
          {"side", side_text(t.side)},
          {"size", t.size.value()},
          {"price", t.price.text()},
          {"profit_and_loss", t.profit_and_loss ? Json(t.profit_and_loss->text()) : Json(nullptr)},
          {"fees", t.fees.text()},
          {"commissions", t.commissions.text()},
          {"voided", t.voided},
          {"time", time_json(t.time)}};
}

Json json_of(const Position& p, const ContractTable& contracts) {
  return {{"contract", contracts.at(p.contract).broker_id},
          {"size", p.size.value()},
          {"average_price", p.average_price.text()},
          {"opened", time_json(p.opened)}};
}

Json json_of(const Order& o, const ContractTable& contracts) {
  return {{"id", o.id.value()},
          {"contract", contracts.at(o.contract).broker_id},
          {"status", status_text(o.status)},
          {"type", type_text(o.type)},
          {"side", side_text(o.side)},
          {"size", o.size.value()},
          {"filled", o.filled.value()},
          {"limit_price", o.limit_price ? Json(o.limit_price->text()) : Json(nullptr)},
          {"stop_price", o.stop_price ? Json(o.stop_price->text()) : Json(nullptr)}};
}

template <class T>
Json list_json(const std::vector<T>& values, const ContractTable& contracts) {
  Json all = Json::array();
  for (const T& value : values) all.push_back(json_of(value, contracts));
  return all;
}

std::string lock_text(const Lock& lock, const ContractTable& contracts) {
  return fmt::format("{} lock of {} {} by {}: {}", name_of(lock.kind),
                     lock.symbol ? contracts.symbol_text(*lock.symbol) : "the account", until_text(lock.until),
                     lock.rule, reason_text(lock.reason, contracts));
}

// What each type says of itself: a sentence, and fields for the JSON line.
struct Said {
  BrokerTime at;
  std::optional<AccountId> account;
  std::optional<EnforcementId> enforcement;
  std::string text;
  Json fields = Json::object();
};

class Speaker {
 public:
  explicit Speaker(const ContractTable& contracts) : contracts_{contracts} {}

  Said operator()(const RiskEvent& e) const {
    Said said{e.at, account_of(e.body), {}, event_text(e, contracts_), {}};
    said.fields = {{"event", name_of(e.body)}, {"number", e.sequence}};
    if (const auto* trade = std::get_if<TradeExecuted>(&e.body))
      said.fields["trade"] = json_of(trade->trade, contracts_);
    if (const auto* order = std::get_if<OrderUpdated>(&e.body))
      said.fields["order"] = json_of(order->order, contracts_);
    if (const auto* position = std::get_if<PositionUpdated>(&e.body))
      said.fields["position"] = json_of(position->position, contracts_);
    if (const auto* taken = std::get_if<SnapshotTaken>(&e.body); taken && taken->snapshot) {
      said.fields["positions"] = list_json(taken->snapshot->positions, contracts_);
      said.fields["working_orders"] = list_json(taken->snapshot->working_orders, contracts_);
      said.fields["trades"] = list_json(taken->snapshot->trades, contracts_);
    }
    if (const auto* read = std::get_if<ReadBack>(&e.body)) {
      if (read->positions) said.fields["positions"] = list_json(*read->positions, contracts_);
      if (read->working_orders) said.fields["working_orders"] = list_json(*read->working_orders, contracts_);
    }
    return said;
  }
  Said operator()(const Decision& d) const {
    Said said{d.at, d.account, d.id, "DECIDED " + goal_text(d.goal, contracts_), {}};
    Json violations = Json::array(), locks = Json::array();
    for (const Violation& v : d.violations) {
      said.text += fmt::format("; {}: {}", v.rule, reason_text(v.reason, contracts_));
      violations.push_back({{"rule", v.rule},
                            {"code", code(v.reason)},
                            {"sentence", reason_text(v.reason, contracts_)},
                            {"goal", goal_text(v.goal, contracts_)}});
    }
    for (const Lock& lock : d.locks) {
      said.text += "; " + lock_text(lock, contracts_);
      locks.push_back(lock_text(lock, contracts_));
    }
    said.fields = {{"trigger", d.trigger},
                   {"trigger_number", d.trigger_sequence},
                   {"goal", goal_text(d.goal, contracts_)},
                   {"violations", violations},
                   {"locks", locks}};
    return said;
  }
  Said operator()(const layout::RequestRecord& r) const {
    const std::string subject = ask_text(r.request.ask, contracts_);
    Said said{r.at,
              r.request.account,
              {},
              fmt::format("SENT {} (request {})", ask_words(r.request.ask, contracts_), r.request.id.value()),
              {}};
    if (r.enforcement != EnforcementId{}) said.enforcement = r.enforcement;
    said.fields = {{"request", r.request.id.value()},
                   {"endpoint", name_of(r.request.ask)},
                   {"subject", subject},
                   {"acts", !is_read(r.request.ask)}};
    return said;
  }
  Said operator()(const BrokerReply& r) const {
    Said said{r.answered_at, r.account, {}, "", {}};
    said.text = fmt::format("ANSWERED request {}: {}{}{}", r.id.value(), name_of(r.outcome),
                            r.text.empty() ? "" : ": ", r.text);
    said.fields = {{"request", r.id.value()},
                   {"outcome", name_of(r.outcome)},
                   {"error_code", r.error_code},
                   {"text", r.text},
                   {"requested_at", time_json(r.requested_at)},
                   {"answered_at", time_json(r.answered_at)},
                   {"round_trip_us", r.sent_ns == 0 ? Json(nullptr) : Json((r.answered_ns - r.sent_ns) / 1000)}};
    if (const auto* positions = std::get_if<std::vector<Position>>(&r.payload))
      said.fields["positions"] = list_json(*positions, contracts_);
    if (const auto* orders = std::get_if<std::vector<Order>>(&r.payload))
      said.fields["orders"] = list_json(*orders, contracts_);
    if (const auto* trades = std::get_if<std::vector<Trade>>(&r.payload))
      said.fields["trades"] = list_json(*trades, contracts_);
    return said;
  }
  Said operator()(const Receipt& r) const {
    Said said{r.verified_at,
              r.account,
              r.enforcement,
              fmt::format("VERIFIED the broker shows the goal of {}", fmt::join(r.rules, ", ")),
              {}};
    said.fields = {{"receipt", Json::parse(receipt_json(r, contracts_), nullptr, false)}};
    return said;
  }
  Said operator()(const layout::LockEndedRecord& r) const {
    return {r.at, r.lock.account, r.lock.enforcement, "ended: the " + lock_text(r.lock, contracts_), Json::object()};
  }
  Said operator()(const Trade& t) const {
    return {t.time,
            t.account,
            {},
            trade_text(t, contract_name(t.contract, contracts_)),
            {{"trade", json_of(t, contracts_)}}};
  }
  Said operator()(const DayRow& d) const {
    return {{},
            d.account,
            {},
            fmt::format("the day's result: {} net ({} realised, {} costs) of {}", (d.realised - d.costs).text(),
                        d.realised.text(), d.costs.text(), counted(static_cast<std::size_t>(d.trades), "trade")),
            {{"day", time_json(d.day_start)}, {"realised", d.realised.text()}, {"costs", d.costs.text()}}};
  }
  Said operator()(const NotificationRow& n) const {
    Said said{n.at, {}, {}, "told: " + n.sentence, {{"kind", n.kind}, {"rule", n.rule}}};
    if (n.account != AccountId{}) said.account = n.account;
    if (n.enforcement != EnforcementId{}) said.enforcement = n.enforcement;
    return said;
  }
  Said operator()(const layout::NoteRecord& n) const { return {n.at, {}, {}, n.text, {{"what", n.what}}}; }
  Said operator()(const layout::ClocksRecord& c) const {
    Said said{{}, c.account, {}, fmt::format("clocks of {}:", c.rule), {{"rule", c.rule}}};
    for (const RunningClock& clock : c.clocks)
      said.text +=
          fmt::format(" {} since {}", contract_name(clock.contract, contracts_), format_timestamp(clock.since));
    if (c.clocks.empty()) said.text += " none runs";
    return said;
  }
  Said operator()(const ConfigRow& c) const {
    return {{},
            {},
            {},
            "the configuration in force until " + format_timestamp(c.until),
            {{"day", time_json(c.day)}, {"until", time_json(c.until)}}};
  }
  Said operator()(const RunBegins& r) const {
    return {r.at, {}, {}, "risk-manager " + r.version + " starts", {{"version", r.version}}};
  }
  Said operator()(const LoginTurn& t) const {
    return {{}, {}, {}, fmt::format("what follows is of login '{}'", t.name), {{"login", t.name}}};
  }
  Said operator()(const RunStart& r) const {
    Json accounts = Json::array();
    for (const WatchedAccount& a : r.accounts) accounts.push_back({{"id", a.account.value()}, {"name", a.name}});
    return {r.at,
            {},
            {},
            fmt::format("risk-manager {} guards {}; {} and {} of before", r.version,
                        counted(r.accounts.size(), "account"), counted(r.locks.size(), "lock"),
                        counted(r.resumed.size(), "unfinished enforcement")),
            {{"version", r.version}, {"accounts", accounts}}};
  }
  Said operator()(const RulesChanged& r) const {
    return {r.at, {}, {}, "other rules from here on for " + counted(r.accounts.size(), "account"), Json::object()};
  }
  Said operator()(const std::vector<RiskEvent>& quotes) const {
    Said said{quotes.back().at, {}, {}, counted(quotes.size(), "price"), {}};
    Json all = Json::array();
    for (const RiskEvent& event : quotes) {
      const auto& quote = std::get<QuoteUpdated>(event.body);
      Json one{{"number", event.sequence},
               {"at", time_json(event.at)},
               {"contract", contract_name(quote.contract, contracts_)}};
      if (quote.last) one["last"] = quote.last->text();
      if (quote.bid) one["bid"] = quote.bid->text();
      if (quote.ask) one["ask"] = quote.ask->text();
      all.push_back(std::move(one));
    }
    said.text += ", the newest: " + quote_text(std::get<QuoteUpdated>(quotes.back().body), contracts_);
    said.fields = {{"quotes", all}};
    return said;
  }

 private:
  const ContractTable& contracts_;
};

template <class T>
std::optional<Said> said(const JournalRecord& record, ContractTable& contracts) {
  const auto value = decode<T>(record.payload, contracts, {});
  if (!value) return std::nullopt;
  return Speaker{contracts}(*value);
}

// Contracts of a record are numbered as its run numbers them.
class Learner {
 public:
  Learner(ContractTable& contracts, std::vector<ContractId>& by_number, QuotePrices& prices)
      : contracts_{contracts}, by_number_{by_number}, prices_{prices} {}

  std::optional<Said> contract(const JournalRecord& record) {
    const auto known = decode<ContractKnown>(record.payload, contracts_, {});
    if (!known || known->number > by_number_.size()) return std::nullopt;
    const ContractId id = known->name.empty()
                              ? contracts_.intern(known->broker_id)
                              : contracts_.learn(known->broker_id, known->name, known->tick_size_nanos,
                                                 known->tick_value, known->active);
    if (known->number == by_number_.size()) by_number_.push_back(id);
    by_number_[known->number] = id;
    return Said{{},
                {},
                {},
                fmt::format("contract {}{}", known->broker_id, known->name.empty() ? "" : " is " + known->name),
                {{"contract", known->broker_id},
                 {"name", known->name},
                 {"tick_size", format_nanos(known->tick_size_nanos, 0)},
                 {"tick_value", known->tick_value.text()}}};
  }

  std::optional<Said> quotes(const JournalRecord& record) {
    std::vector<RiskEvent> quotes;
    if (!read_quotes(record.payload, by_number_.size(), prices_, quotes) || quotes.empty()) return std::nullopt;
    for (RiskEvent& quote : quotes) {
      ContractId& contract = std::get<QuoteUpdated>(quote.body).contract;
      contract = by_number_[contract.value()];
    }
    return Speaker{contracts_}(quotes);
  }

  std::optional<Said> event(const JournalRecord& record) {
    const auto event = decode_event(record, contracts_, {});
    if (!event) return std::nullopt;
    return Speaker{contracts_}(*event);
  }

  std::optional<Said> any(const JournalRecord& record) {
    if (record.type == kWithheld) return withheld(record);
    if (record.version > version_of(record.type)) return std::nullopt;
    switch (record.type) {
      case RecordType::Event:
        return event(record);
      case RecordType::Decision:
        return said<Decision>(record, contracts_);
      case RecordType::Request:
        return said<layout::RequestRecord>(record, contracts_);
      case RecordType::Reply:
        return said<BrokerReply>(record, contracts_);
      case RecordType::Receipt:
        return said<Receipt>(record, contracts_);
      case RecordType::LockEnded:
        return said<layout::LockEndedRecord>(record, contracts_);
      case RecordType::Trade:
        return said<Trade>(record, contracts_);
      case RecordType::Day:
        return said<DayRow>(record, contracts_);
      case RecordType::Notification:
        return said<NotificationRow>(record, contracts_);
      case RecordType::Note:
        return said<layout::NoteRecord>(record, contracts_);
      case RecordType::Clocks:
        return said<layout::ClocksRecord>(record, contracts_);
      case RecordType::Config:
        return said<ConfigRow>(record, contracts_);
      case RecordType::RunBegins:
        by_number_.clear();
        return said<RunBegins>(record, contracts_);
      case RecordType::Contract:
        return contract(record);
      case RecordType::RunStart:
        return said<RunStart>(record, contracts_);
      case RecordType::RulesChanged:
        return said<RulesChanged>(record, contracts_);
      case RecordType::Quotes:
        return quotes(record);
      case RecordType::LoginTurn:
        return said<LoginTurn>(record, contracts_);
    }
    return std::nullopt;
  }

 private:
  static Said withheld(const JournalRecord& record) {
    const auto note = read_withheld(record);
    const std::string what = note ? std::string{name_of(note->type)} : "record of which only the place is known";
    return {{}, {}, {}, "withheld from this copy, for the secrets in it: a " + what, {{"withheld", what}}};
  }

  ContractTable& contracts_;
  std::vector<ContractId>& by_number_;
  QuotePrices& prices_;
};

RecordWords put_into_words(const JournalRecord& record, std::optional<Said> known) {
  const Said said =
      known ? std::move(*known) : Said{{}, {}, {}, "a record that this version cannot read", Json::object()};
  Json line{{"record", record.sequence},
            {"type", record.type == kWithheld ? "withheld" : name_of(record.type)},
            {"at", time_json(said.at)}};
  if (said.account) line["account"] = said.account->value();
  if (said.enforcement) line["enforcement"] = said.enforcement->value();
  line["words"] = said.text;
  line.update(said.fields);
  RecordWords words{
      {}, said.account, said.enforcement, said.text, line.dump(-1, ' ', false, Json::error_handler_t::replace)};
  if (said.at != BrokerTime{}) words.at = said.at;
  return words;
}

}  // namespace

RecordWords RecordReader::words(const JournalRecord& record) {
  return put_into_words(record, Learner{contracts_, by_number_, prices_}.any(record));
}

RecordWords words_of(const JournalRecord& record, ContractTable& contracts) {
  std::vector<ContractId> none;
  QuotePrices prices;
  return put_into_words(record, Learner{contracts, none, prices}.any(record));
}

}  // namespace rm
