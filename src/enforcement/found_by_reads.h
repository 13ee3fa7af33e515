#pragma once
// What a read found although the stream was up: the stream hid it, or is only late. Pure.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/ids.h"
#include "domain/time.h"

namespace rm {

enum class FoundKind : std::uint8_t { Trade, Order, Position };
inline constexpr std::array<std::string_view, 3> kFoundKindNames{"trade", "order", "position"};

class FoundByReads {
 public:
  // A read may overtake the stream by a moment; who is late by more has hidden it.
  static constexpr Duration kPatience = std::chrono::seconds{5};

  void on_read(AccountId account, TradeId trade, BrokerTime now) {
    wait({account, FoundKind::Trade, of(trade)}, now);
  }
  void on_read(AccountId account, OrderId order, BrokerTime now) {
    wait({account, FoundKind::Order, of(order)}, now);
  }
  void on_read(AccountId account, ContractId position, BrokerTime now) {
    wait({account, FoundKind::Position, of(position)}, now);
  }
  void on_stream(AccountId account, TradeId trade) { told({account, FoundKind::Trade, of(trade)}); }
  void on_stream(AccountId account, OrderId order) { told({account, FoundKind::Order, of(order)}); }
  void on_stream(AccountId account, ContractId position) { told({account, FoundKind::Position, of(position)}); }

  // How many of each kind the stream has hidden since the last call, in the order of FoundKind.
  [[nodiscard]] std::array<std::uint64_t, 3> settle(BrokerTime now) {
    std::array<std::uint64_t, 3> hidden{};
    std::erase_if(waiting_, [&](const Found& found) {
      const bool late = now - found.at >= kPatience;
      if (late) ++hidden[static_cast<std::size_t>(found.what.kind)];
      return late;
    });
    return hidden;
  }

 private:
  struct What {
    AccountId account;
    FoundKind kind{};
    std::int64_t id = 0;
    friend bool operator==(const What&, const What&) = default;
  };
  struct Found {
    What what;
    BrokerTime at;
  };
  template <class Id>
  static std::int64_t of(Id id) {
    return static_cast<std::int64_t>(id.value());
  }
  void wait(What what, BrokerTime now) { waiting_.push_back({what, now}); }
  void told(What what) {
    std::erase_if(waiting_, [&](const Found& found) { return found.what == what; });
  }

  std::vector<Found> waiting_;
};

}  // namespace rm
