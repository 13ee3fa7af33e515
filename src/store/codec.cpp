#include "store/codec.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

namespace rm {
namespace {

// The last enumerator: what is beyond was never written. An enumeration that is missing here does not compile.
template <class E>
constexpr void* kLast = nullptr;
template <>
constexpr EntryWindow kLast<EntryWindow> = EntryWindow::Session;
template <>
constexpr OrderStatus kLast<OrderStatus> = OrderStatus::Suspended;
template <>
constexpr OrderType kLast<OrderType> = OrderType::JoinAsk;
template <>
constexpr Side kLast<Side> = Side::Sell;
template <>
constexpr LockKind kLast<LockKind> = LockKind::Entry;
template <>
constexpr Outcome kLast<Outcome> = Outcome::Unauthorised;

constexpr std::int32_t kMostLots = 100'000'000;  // far above what the wire lets in; sums of a few stay in range

template <class E>
concept Enum = std::is_enum_v<E>;

class Encoder {
 public:
  Encoder(ByteWriter& out, const ContractTable& contracts) : out_{out}, contracts_{contracts} {}
  void operator()(const auto&... values) { (one(values), ...); }

 private:
  template <std::integral Int>
  void one(Int value) {
    out_.put(value);
  }
  template <Enum E>
  void one(E value) {
    out_.put(static_cast<std::uint8_t>(value));
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep> id) {
    out_.put(id.value());
  }
  void one(ContractId id) {
    out_.put_text(contracts_.contains(id) ? std::string_view{contracts_.at(id).broker_id} : std::string_view{});
  }
  void one(SymbolId id) { out_.put_text(contracts_.symbol_text(id)); }
  void one(Money value) { out_.put(value.nanos()); }
  void one(Price value) { out_.put(value.nanos()); }
  void one(Lots value) { out_.put(value.value()); }
  void one(BrokerTime value) { out_.put(value.nanos()); }
  void one(const std::string& text) { out_.put_text(text); }
  void one(std::string_view text) { out_.put_text(text); }
  template <class T>
  void one(const std::optional<T>& value) {
    out_.put(value.has_value());
    if (value) one(*value);
  }
  template <class T>
  void one(const std::vector<T>& values) {
    out_.put(static_cast<std::uint32_t>(values.size()));
    for (const T& value : values) one(value);
  }
  template <class T>
  void one(const std::shared_ptr<const T>& value) {
    out_.put(value != nullptr);
    if (value) one(*value);
  }
  template <class... Ts>
  void one(const std::variant<Ts...>& value) {
    out_.put(static_cast<std::uint8_t>(value.index()));
    std::visit([&](const auto& alternative) { one(alternative); }, value);
  }
  template <class T>
    requires requires(Encoder& e, const T& x) { layout::fields(e, x); }
  void one(const T& value) {
    layout::fields(*this, value);
  }

  ByteWriter& out_;
  const ContractTable& contracts_;
};

class Decoder {
 public:
  Decoder(ByteReader& in, ContractTable& contracts, const ResolveName& resolve)
      : in_{in}, contracts_{contracts}, resolve_{resolve} {}
  void operator()(auto&... values) { (one(values), ...); }

 private:
  template <std::integral Int>
  void one(Int& value) {
    value = in_.take<Int>();
  }
  void one(bool& value) { value = flag(); }
  template <Enum E>
  void one(E& value) {
    const auto number = in_.take<std::uint8_t>();
    if (number > static_cast<std::uint8_t>(kLast<E>))
      in_.refuse();
    else
      value = static_cast<E>(number);
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>& id) {
    id = Strong<Tag, Rep>{in_.take<Rep>()};
  }
  void one(ContractId& id) {
    const auto text = in_.take_text();
    if (in_.ok()) id = contracts_.intern(text);
  }
  void one(SymbolId& id) {
    const auto text = in_.take_text();
    if (in_.ok()) id = contracts_.symbol(text);
  }
  void one(Money& value) { value = Money::from_nanos(in_.take<std::int64_t>()); }
  void one(Price& value) { value = Price::from_nanos(in_.take<std::int64_t>()); }
  void one(Lots& value) {
    value = Lots{in_.take<std::int32_t>()};
    if (value > Lots{kMostLots} || value < Lots{-kMostLots}) in_.refuse();
  }
  void one(BrokerTime& value) { value = BrokerTime::from_nanos(in_.take<std::int64_t>()); }
  void one(std::string& text) { text = in_.take_text(); }
  void one(std::string_view& name) {
    const auto text = in_.take_text();
    if (!in_.ok()) return;
    name = resolve_ ? resolve_(text) : std::string_view{};
    if (name.empty()) name = static_text(text);
  }
  template <class T>
  void one(std::optional<T>& value) {
    value.reset();
    if (flag()) one(value.emplace());
  }
  template <class T>
  void one(std::vector<T>& values) {
    values.clear();
    const auto count = in_.take<std::uint32_t>();
    if (count > in_.left()) return in_.refuse();  // an element takes a byte at least
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) one(values.emplace_back());
  }
  template <class T>
  void one(std::shared_ptr<const T>& value) {
    value.reset();
    if (!flag()) return;
    auto made = std::make_shared<T>();
    one(*made);
    value = std::move(made);
  }
  template <class... Ts>
  void one(std::variant<Ts...>& value) {
    const auto index = in_.take<std::uint8_t>();
    if (index >= sizeof...(Ts)) return in_.refuse();
    std::uint8_t i = 0;
    ((i++ == index ? one(value.template emplace<Ts>()) : void()), ...);
  }
  template <class T>
    requires requires(Decoder& d, T& x) { layout::fields(d, x); }
  void one(T& value) {
    layout::fields(*this, value);
  }

  bool flag() {
    const auto number = in_.take<std::uint8_t>();
    if (number > 1) in_.refuse();
    return number == 1 && in_.ok();
  }

  ByteReader& in_;
  ContractTable& contracts_;
  const ResolveName& resolve_;
};

}  // namespace

std::string_view static_text(std::string_view text) {
  static std::mutex mutex;
  static std::unordered_set<std::string> texts;  // nodes: what points into them stays valid
  const std::scoped_lock lock{mutex};
  return *texts.emplace(text).first;
}

template <class T>
void encode(ByteWriter& out, const T& value, const ContractTable& contracts) {
  Encoder{out, contracts}(value);
}

template <class T>
Result<T> decode(std::span<const std::byte> bytes, ContractTable& contracts, const ResolveName& resolve) {
  ByteReader in{bytes};
  Result<T> value{};
  Decoder{in, contracts, resolve}(*value);
  if (!in.ok() || in.left() != 0)
    return fail(ErrorCode::Malformed, "a stored record of " + std::to_string(bytes.size()) + " bytes cannot be read");
  return value;
}

template <class T>
std::vector<std::byte> encoded(const T& value, const ContractTable& contracts) {
  constexpr std::size_t kLargest = std::size_t{64} << 20;
  std::vector<std::byte> bytes(256);
  for (;; bytes.resize(bytes.size() * 4)) {
    ByteWriter out{bytes};
    encode(out, value, contracts);
    if (!out.ok() && bytes.size() < kLargest) continue;
    bytes.resize(out.ok() ? out.size() : 0);
    return bytes;
  }
}

Result<RiskEvent> decode_event(const JournalRecord& record, ContractTable& contracts, const ResolveName& resolve) {
  if (record.version == 1) return decode<RiskEvent>(record.payload, contracts, resolve);
  auto seen = decode<SeenEvent>(record.payload, contracts, resolve);
  if (!seen) return std::unexpected{seen.error()};
  return event_of(std::move(*seen));
}

#define RM_STORED(Type)                                                             \
  template void encode<Type>(ByteWriter&, const Type&, const ContractTable&);       \
  template std::vector<std::byte> encoded<Type>(const Type&, const ContractTable&); \
  template Result<Type> decode<Type>(std::span<const std::byte>, ContractTable&, const ResolveName&);
RM_STORED(RiskEvent)
RM_STORED(SeenEvent)
RM_STORED(RunBegins)
RM_STORED(LoginTurn)
RM_STORED(ContractKnown)
RM_STORED(RunStart)
RM_STORED(RulesChanged)
RM_STORED(Decision)
RM_STORED(layout::RequestRecord)
RM_STORED(BrokerReply)
RM_STORED(Receipt)
RM_STORED(layout::LockEndedRecord)
RM_STORED(Trade)
RM_STORED(DayRow)
RM_STORED(NotificationRow)
RM_STORED(ConfigRow)
RM_STORED(layout::NoteRecord)
RM_STORED(layout::ClocksRecord)
RM_STORED(Reason)
#undef RM_STORED

}  // namespace rm
