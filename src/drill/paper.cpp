#include "drill/paper.h"

#include <fmt/format.h>

#include <optional>

#include "drill/patience.h"
#include "drill/scratch.h"
#include "net/http_client.h"

namespace rm::drill {
namespace {

using namespace std::chrono_literals;

constexpr auto kReadyWithin = 20s;
constexpr std::string_view kReady = "paper-gateway ready: ";

// "paper-gateway ready: http://127.0.0.1:1234 user_hub ws://…"
std::string address_in(const std::string& ready_line) {
  if (!ready_line.starts_with(kReady) || ready_line.find('\n') == std::string::npos) return {};
  const std::string rest = ready_line.substr(kReady.size());
  return rest.substr(0, rest.find(' '));
}

// The sentence in its answer, whichever form it has.
std::string why_refused(const Fields& answer, int status) {
  for (const char* name : {"error", "errorMessage"}) {
    if (std::string sentence = text(answer, name); !sentence.empty() && sentence != "null") return sentence;
  }
  const std::string code = text(answer, "errorCode");
  return code.empty() ? fmt::format("HTTP {}", status) : "error code " + code;
}

}  // namespace

struct Paper::Impl {
  std::unique_ptr<Child> child;
  std::string url;
  net::Loop loop;
  std::unique_ptr<net::HttpClient> http;

  struct Answer {
    int status = 0;
    std::string error, body;
  };
  template <class Ask>
  Result<Fields> ask(std::string_view what, Ask start) {
    std::optional<Answer> answer;
    start([&](const net::HttpReply& reply) { answer = Answer{reply.status, reply.error, std::string{reply.body}}; });
    while (!answer) (void)loop.run_one_for(100ms);  // the client answers in any case, within its time limit
    if (answer->status == 0) return fail(ErrorCode::Io, fmt::format("the paper gateway: {}", answer->error));
    Fields fields = flatten(answer->body);
    if (answer->status == 200 && text(fields, "success") != "false") return fields;
    return fail(ErrorCode::Refused,
                fmt::format("the paper gateway refused {}: {}", what, why_refused(fields, answer->status)));
  }
};

Paper::Paper(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Paper::~Paper() = default;

Result<std::unique_ptr<Paper>> Paper::start(const PaperOptions& options) {
  auto impl = std::make_unique<Impl>();
  ChildOptions child{.argv = {options.program.string(), "--port", "0", "--user", std::string{kUser}, "--api-key",
                              std::string{kApiKey}},
                     .environment = {},
                     .out = options.dir / "paper-gateway.out",
                     .err = options.dir / "paper-gateway.err"};
  if (!options.scenario.empty()) child.argv.insert(child.argv.end(), {"--scenario", options.scenario});
  if (!options.start_time.empty()) child.argv.insert(child.argv.end(), {"--start-time", options.start_time});
  auto started = Child::start(child);
  if (!started) return std::unexpected{started.error()};
  impl->child = std::move(*started);
  (void)wait_until([&] { return !(impl->url = address_in(read_text(child.out))).empty() || !impl->child->running(); },
                   kReadyWithin);
  if (impl->url.empty()) {
    const auto ended = impl->child->ended();
    std::string said = read_text(child.err);
    while (said.ends_with('\n')) said.pop_back();
    return fail(ErrorCode::Io,
                fmt::format("the paper gateway {}: {}",
                            ended ? "ended with " + ended->text() : std::string{"is not ready"}, said));
  }
  const auto url = net::parse_url(impl->url);
  if (!url) return fail(ErrorCode::Io, "the paper gateway: " + url.error());
  net::HttpOptions http;
  http.connections = 1;
  impl->http = std::make_unique<net::HttpClient>(impl->loop, *url, http);
  return std::unique_ptr<Paper>{new Paper{std::move(impl)}};
}

const std::string& Paper::url() const {
  return impl_->url;
}

Result<Fields> Paper::get(std::string_view target) {
  return impl_->ask(target, [&](net::HttpClient::OnReply on_reply) {
    impl_->http->get(target, {}, net::Priority::Urgent, std::move(on_reply));
  });
}

Result<Fields> Paper::post(std::string_view target, std::string_view json) {
  return impl_->ask(target, [&](net::HttpClient::OnReply on_reply) {
    impl_->http->post(target, {}, json, net::Priority::Urgent, std::move(on_reply));
  });
}

std::string scenario_text(const std::vector<PaperAccount>& accounts) {
  std::string out = "about: prices stand still until they are moved\n";
  for (const PaperAccount& account : accounts) {
    if (&account == accounts.data()) out += "accounts:\n";
    // In YAML's single quotes only the quote itself is special.
    std::string name;
    for (const char c : account.name) name += c == '\'' ? std::string{"''"} : std::string{c};
    out += fmt::format("  - {{id: {}{}}}\n", account.id, name.empty() ? "" : fmt::format(", name: '{}'", name));
  }
  return out;
}

}  // namespace rm::drill
