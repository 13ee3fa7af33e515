#pragma once
// The broker session of one account: typed calls out, one BrokerReply for each. Pure: POSTs go through RestTransport,
// results come back through on_http(). Runs on the loop thread.

#include <optional>
#include <vector>

#include "domain/contract_table.h"
#include "projectx/rest/http_result.h"
#include "projectx/suite/broker_api.h"
#include "projectx/suite/rest_transport.h"

namespace rm::projectx {

class TradingSuite final : public BrokerApi {
 public:
  // `contracts` and `transport` must outlive the suite. `index` tells the cookies of several suites apart.
  TradingSuite(AccountId account, std::uint16_t index, ContractTable& contracts, RestTransport& transport);

  // Each call is answered by one BrokerReply with this request id. Arguments that make no sense (a size of zero, an
  // unknown contract) are answered NotSent.
  class Positions {
   public:
    void close_position(RequestId id, ContractId contract);
    void reduce_position(RequestId id, ContractId contract, Lots by);
    void read(RequestId id, bool verifies = false);

   private:
    friend class TradingSuite;
    explicit Positions(TradingSuite& suite) : suite_{suite} {}
    TradingSuite& suite_;
  };
  class Orders {
   public:
    void cancel(RequestId id, OrderId order);
    void modify_stop(RequestId id, OrderId order, Price stop_price);
    void place_stop(RequestId id, const PlaceStop& stop);
    void resize(RequestId id, OrderId order, Lots size);
    // All pages; by searchOpen, without suspended children, where the query does not exist.
    void read_working(RequestId id, bool verifies = false);

   private:
    friend class TradingSuite;
    explicit Orders(TradingSuite& suite) : suite_{suite} {}
    TradingSuite& suite_;
  };
  [[nodiscard]] Positions positions() { return Positions{*this}; }
  [[nodiscard]] Orders orders() { return Orders{*this}; }
  void read_trades(RequestId id, BrokerTime since);
  void read_account(RequestId id);

  // The same, by request. A request for another account is answered NotSent.
  void send(const BrokerRequest& request) override;

  // How a POST ended. Empty when more is needed before the reply (the next page is under way), or for a cookie that
  // is not in flight.
  [[nodiscard]] std::optional<BrokerReply> on_http(RequestCookie cookie, const HttpResult& result);

  [[nodiscard]] AccountId account() const { return account_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }
  [[nodiscard]] static std::uint16_t index_of(RequestCookie cookie) {
    return static_cast<std::uint16_t>(cookie >> 48);
  }

 private:
  static constexpr int kPageSize = 50;  // the gateway's own default: the one size that is certain to be allowed
  // A working-order read that takes several pages.
  struct Pages {
    std::vector<Order> orders;
    int offset = 0, posts = 0, fruitless = 0;
    bool counts_pages = false;  // the offset counts pages, not rows: found out by trying
    BrokerTime requested_at;
    std::int64_t sent_ns = 0;
  };
  struct InFlight {
    RequestCookie cookie = 0;
    RequestId id;
    Endpoint endpoint{};
    bool verifies = false;
    Pages pages;
  };

  InFlight& begin(RequestId id, Endpoint endpoint, bool verifies = false);
  void start(RequestId id, Endpoint endpoint, std::string_view body, bool verifies = false);
  void post(const InFlight& flight, std::string_view body);
  void decline(RequestId id, std::string_view why);
  [[nodiscard]] const Contract* known(RequestId id, ContractId contract);
  void post_page(InFlight& flight);

  [[nodiscard]] std::optional<BrokerReply> finish(InFlight& flight, BrokerReply reply);
  [[nodiscard]] bool take_page(InFlight& flight, const Envelope& envelope,
                               BrokerReply& reply);  // true: the next page was asked for
  [[nodiscard]] Result<ReadPayload> read_payload(Endpoint endpoint, const Envelope& envelope);
  [[nodiscard]] Result<ReadPayload> read_positions(const Envelope& envelope);
  [[nodiscard]] Result<std::vector<Order>> read_orders(const Envelope& envelope);
  [[nodiscard]] Result<ReadPayload> read_trades(const Envelope& envelope);
  [[nodiscard]] Result<ReadPayload> read_account(const Envelope& envelope);

  AccountId account_;
  std::uint64_t cookie_base_;
  std::uint64_t next_cookie_ = 1;
  int urgent_reads_left_;
  ContractTable& contracts_;
  RestTransport& transport_;
  std::vector<InFlight> in_flight_;
  ReplyReader reader_;
};

}  // namespace rm::projectx
