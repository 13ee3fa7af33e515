#include "runtime/hub_link.h"

#include <utility>

namespace rm {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

// RFC 3986: everything but the unreserved characters as %XX.
std::string url_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (plain) {
      out += c;
    } else {
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace

HubLink::HubLink(net::Loop& loop, projectx::Hub hub, net::Url url, std::string ca_file,
                 std::function<std::string()> token, HubLinkListener& listener, Duration silence,
                 std::uint64_t jitter_seed)
    : loop_{loop},
      hub_{hub},
      url_{std::move(url)},
      token_{std::move(token)},
      listener_{listener},
      socket_{loop, *this, net::WsOptions{.ca_file = std::move(ca_file)}},
      session_{silence.count()},
      policy_{jitter_seed},
      session_timer_{loop,
                     [this] {
                       carry_out(session_.on_deadline(loop_.monotonic_ns()));
                       arm();
                     }},
      reconnect_timer_{loop, [this] { connect(); }} {}

void HubLink::connect() {
  net::Url url = url_;
  url.target +=
      (url.target.find('?') == std::string::npos ? "?access_token=" : "&access_token=") + url_encoded(token_());
  socket_.connect(url, {});
}

void HubLink::close() {
  closing_ = true;
  reconnect_timer_.cancel();
  session_timer_.cancel();
  socket_.close();
}

void HubLink::reconnect(std::string_view why) {
  carry_out(session_.on_closed(why));
  arm();
}

void HubLink::on_open() {
  carry_out(session_.on_open(loop_.monotonic_ns()));
  arm();
}

void HubLink::on_text(std::span<char> message, std::int64_t received_ns) {
  received_ns_ = received_ns;
  carry_out(session_.on_text(message, received_ns));
  listener_.on_hub_message_done(hub_);
  arm();
}

void HubLink::on_closed(const std::string& why, int http_status) {
  const auto outputs = session_.on_closed(why);
  if (!outputs.empty()) {
    carry_out(outputs);
  } else {
    lost(projectx::HubLoss::Transport, why, http_status);
  }
}

void HubLink::carry_out(projectx::HubSession::Outputs outputs) {
  for (const projectx::HubOutput& output : outputs) {
    std::visit(
        Overloaded{
            [&](const projectx::SendText& send) { socket_.send_text(send.text); },
            [&](const projectx::Connected& connected) {
              if (connected.refused == 0) policy_.on_connected(loop_.monotonic_ns());
              listener_.on_hub_connected(hub_, connected.refused);
            },
            [](const projectx::SubscriptionConfirmed&) {},
            [&](const projectx::SubscriptionRefused& refused) {
              listener_.on_hub_refusal(hub_, refused.method, refused.text);
            },
            [&](const projectx::Invoked& invoked) {
              listener_.on_hub_invoked(hub_, invoked.target, invoked.arguments, received_ns_);
            },
            [&](const projectx::BadRecord& bad) { listener_.on_hub_refusal(hub_, "record", bad.error.message); },
            [&](const projectx::LoggedOut&) { listener_.on_hub_refusal(hub_, "logout", "GatewayLogout"); },
            [&](const projectx::HubClosed& closed) { lost(closed.loss, closed.text, 0); },
        },
        output);
  }
}

void HubLink::lost(projectx::HubLoss loss, std::string_view text, int http_status) {
  if (closing_) return;
  socket_.close();
  const std::int64_t now_ns = loop_.monotonic_ns();
  const auto delay = policy_.on_lost(loss, now_ns);
  reconnect_timer_.arm_at(now_ns + delay.count());
  listener_.on_hub_lost(hub_, projectx::name_of(loss), text, http_status, delay);
  // Said once, not with every attempt that fails afterwards; again when it was over in between.
  const bool pushed_out = policy_.pushed_out(now_ns);
  if (pushed_out && !std::exchange(said_pushed_out_, true)) listener_.on_pushed_out(hub_);
  if (!pushed_out) said_pushed_out_ = false;
}

void HubLink::arm() {
  if (const auto deadline = session_.next_deadline(); deadline && !closing_) {
    session_timer_.arm_at(*deadline);
  } else {
    session_timer_.cancel();
  }
}

}  // namespace rm
