#include "paper_gateway/server/hub.h"

#include <algorithm>
#include <limits>

#include "paper_gateway/server/rest_api.h"

namespace paper {
namespace {

constexpr std::size_t max_invitations = 10'000;
constexpr std::size_t max_subscriptions = 1'000;  // of one connection
constexpr std::int64_t invitation_lifetime_ns = 15'000'000'000;

std::string token_of(const HttpRequest& request) {
  const auto query = request.query("access_token");
  return query && !query->empty() ? *query : bearer_token(request);
}

// The subscription key of the one argument; nothing when it does not bind.
std::optional<std::string> key_of(HubArgument kind, const Json::Array& arguments) {
  if (kind == HubArgument::none) return arguments.empty() ? std::optional<std::string>{""} : std::nullopt;
  if (arguments.size() != 1) return std::nullopt;
  const auto& argument = arguments.front();
  if (kind == HubArgument::contract) return argument.is_string() ? std::optional{argument.as_string()} : std::nullopt;
  const auto number = argument.as_integer();
  const bool int32 = number && *number >= std::numeric_limits<std::int32_t>::min() &&
                     *number <= std::numeric_limits<std::int32_t>::max();
  return int32 ? std::optional{std::to_string(*number)} : std::nullopt;
}

}  // namespace

Hub::Hub(Context& context, std::string name, std::span<const HubTopic> topics)
    : context_{context}, name_{std::move(name)}, topics_{topics} {}

Hub::~Hub() {
  for (const auto& [id, connection] : connections_) connection->let_go();
}

std::optional<HttpResponse> Hub::refusal(const HttpRequest& request, TokenClaims& claims) const {
  if (context_.monotonic_ns() < refuse_until_ns_) return HttpResponse{refuse_status_, "", "", {}, false};
  auto good = context_.sessions.authenticate(token_of(request), context_.now_s());
  if (!good) return unauthorized();
  claims = std::move(*good);
  return std::nullopt;
}

HttpResponse Hub::negotiate(const HttpRequest& request) {
  TokenClaims claims;
  if (request.method != "POST") return {405, "", "", {{"Allow", "POST"}}, false};
  if (auto refused = refusal(request, claims)) return std::move(*refused);
  const auto now = context_.monotonic_ns();
  std::erase_if(invited_, [&](const auto& i) { return i.second + invitation_lifetime_ns < now; });
  if (invited_.size() >= max_invitations) return {503, "", "", {}, false};

  const auto version_text = request.query("negotiateVersion").value_or("0");
  const bool version_1 = !version_text.empty() && version_text != "0";
  const auto id = base64url(random_bytes(16));
  const auto token = version_1 ? base64url(random_bytes(16)) : id;
  invited_[token] = now;
  auto json =
      Json::object().add("negotiateVersion", Json::integer(version_1 ? 1 : 0)).add("connectionId", Json::string(id));
  if (version_1) json.add("connectionToken", Json::string(token));
  const auto formats = Json::array({Json::string("Text"), Json::string("Binary")});
  json.add(
      "availableTransports",
      Json::array({Json::object().add("transport", Json::string("WebSockets")).add("transferFormats", formats)}));
  return json_response(json);
}

std::variant<std::shared_ptr<SocketHandler>, HttpResponse> Hub::upgrade(const HttpRequest& request) {
  TokenClaims claims;
  if (auto refused = refusal(request, claims)) return std::move(*refused);
  auto id = request.query("id").value_or("");
  if (id.empty()) {
    id = base64url(random_bytes(16));  // no negotiation went before
  } else if (connections_.contains(id)) {
    return HttpResponse{409, "", "", {}, false};
  } else if (invited_.erase(id) == 0) {
    return HttpResponse{404, "", "", {}, false};
  }
  auto connection = std::make_shared<HubConnection>(*this, id, std::move(claims));
  connections_[id] = connection;
  return connection;
}

std::optional<std::int64_t> Hub::next_deadline() const {
  std::optional<std::int64_t> earliest;
  const auto consider = [&](std::int64_t when) { earliest = earliest ? std::min(*earliest, when) : when; };
  for (const auto& [id, connection] : connections_) {
    if (auto* session = connection->session()) {
      consider(session->next_deadline());
      if (context_.settings.close_hubs_at_expiry && session->ready()) {
        consider(context_.clock.monotonic_at(PaperTime{connection->claims().expires_at * 1'000'000'000}));
      }
    }
  }
  return earliest;
}

void Hub::on_time() {
  const auto now = context_.monotonic_ns();
  const auto now_s = context_.now_s();
  for (const auto& [id, connection] : connections_) {
    auto* session = connection->session();
    if (session == nullptr) continue;
    session->on_time(now);
    if (context_.settings.close_hubs_at_expiry && context_.sessions.expired(connection->claims(), now_s) &&
        session->ready()) {
      log_out(*connection, "token expired");
    }
  }
}

void Hub::close_all(const std::optional<std::string>& error, bool allow_reconnect) {
  for (const auto& [id, connection] : connections_) {
    if (auto* session = connection->session()) session->close(error, allow_reconnect, context_.monotonic_ns());
  }
}

void Hub::refuse_for(std::int64_t ms, int status) {
  refuse_until_ns_ = context_.monotonic_ns() + ms * 1'000'000;
  refuse_status_ = status;
}

void Hub::send_raw(const std::string& text) {
  for (const auto& [id, connection] : connections_) {
    if (connection->ready() && !connection->subscriptions.empty()) {
      connection->session()->send(text, context_.monotonic_ns());
    }
  }
}

void Hub::log_out(const TokenClaims& claims) {
  for (const auto& [id, connection] : connections_) {
    if (connection->claims().session_id == claims.session_id) log_out(*connection, "logged out");
  }
}

// Clients are told on the hub and then dropped; one that reconnects at once pushes the other program out in turn.
void Hub::log_out(HubConnection& connection, std::string_view why) {
  if (!connection.ready()) return;
  push(connection, "GatewayLogout", invocation_record("GatewayLogout", {Json::string(why)}));
  connection.session()->close(HubSession::close_text, true, context_.monotonic_ns());
}

void Hub::on_ready(HubConnection& connection) {
  connection.order = ++handshakes_;
  context_.tell(connection.claims().user_name + " connected to the " + name_ + " hub");
  const int allowed = context_.settings.streams_per_user;
  if (allowed <= 0) return;
  std::vector<HubConnection*> same_user;
  for (const auto& [id, other] : connections_) {
    if (other->ready() && other->user() == connection.user()) same_user.push_back(other.get());
  }
  std::ranges::sort(same_user, {}, &HubConnection::order);
  const auto too_many = static_cast<std::ptrdiff_t>(same_user.size()) - allowed;
  for (std::ptrdiff_t i = 0; i < too_many; ++i) {
    log_out(*same_user[static_cast<std::size_t>(i)], "another session of this user has connected");
  }
}

std::optional<std::string> Hub::invoke(HubConnection& connection, std::string_view target,
                                       const Json::Array& arguments,
                                       std::optional<std::pair<std::string, std::string>>& subscribed) {
  for (const auto& topic : topics_) {
    const auto name = std::string{topic.name};
    const bool subscribe = equal_ignoring_case(target, "Subscribe" + name);
    if (!subscribe && !equal_ignoring_case(target, "Unsubscribe" + name)) continue;
    const auto key = key_of(topic.argument, arguments);
    if (!key || !permitted(connection, topic.name, *key)) return failed_to_invoke(target);
    if (!subscribe) {
      connection.subscriptions.erase({name, *key});
      return std::nullopt;
    }
    if (connection.subscriptions.size() >= max_subscriptions) return failed_to_invoke(target);
    subscribed = {name, *key};
    connection.subscriptions.insert(*subscribed);
    return std::nullopt;
  }
  return failed_to_invoke(target, "Method does not exist.");
}

bool Hub::anyone(std::string_view topic, std::string_view key) const {
  return std::ranges::any_of(connections_, [&](const auto& c) { return c.second->subscribed(topic, key); });
}

void Hub::closed(HubConnection& connection) {
  on_gone(connection);
  held_.erase(connection.id());
  if (connection.order != 0) context_.tell(connection.claims().user_name + " left the " + name_ + " hub");
  connections_.erase(connection.id());
}

Json Hub::connections_json() const {
  auto list = Json::array();
  for (const auto& [id, connection] : connections_) {
    auto topics = Json::array();
    for (const auto& [topic, key] : connection->subscriptions) {
      topics.push(Json::object().add("topic", Json::string(topic)).add("key", Json::string(key)));
    }
    list.push(Json::object()
                  .add("hub", Json::string(name_))
                  .add("connection", Json::integer(connection->order))
                  .add("user", Json::string(connection->claims().user_name))
                  .add("ready", Json::boolean(connection->ready()))
                  .add("subscriptions", std::move(topics)));
  }
  return list;
}

}  // namespace paper
