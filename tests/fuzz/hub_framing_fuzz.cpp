// A hub connection hears any bytes, cut into messages anywhere. Whatever comes: no crash, every output within the
// text that carried it, one end at most, and the same stream cut differently gives the same records.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "projectx/hub/hub_session.h"

namespace {

using namespace rm::projectx;

// The records and the end, as text.
struct Heard {
  std::vector<std::string> lines;
  bool closed = false;

  void take(HubSession::Outputs outputs) {
    for (const HubOutput& output : outputs) {
      if (closed) std::abort();  // nothing may follow the end
      if (const auto* call = std::get_if<Invoked>(&output)) lines.emplace_back(text_of(call->arguments));
      if (const auto* bad = std::get_if<BadRecord>(&output)) lines.emplace_back(bad->record);
      if (const auto* refused = std::get_if<SubscriptionRefused>(&output)) lines.emplace_back(refused->text);
      if (const auto* end = std::get_if<HubClosed>(&output)) {
        lines.emplace_back(name_of(end->loss));
        closed = true;
      }
    }
  }
};

// Each message in memory of its own, with the promised padding and no byte more.
void hear(HubSession& session, Heard& heard, std::string_view message) {
  const auto bytes = std::make_unique<char[]>(message.size() + kPadding);
  message.copy(bytes.get(), message.size());
  heard.take(session.on_text({bytes.get(), message.size()}, 2));
}

Heard run(std::string_view stream, std::size_t piece) {
  HubSession session;
  session.subscribe_accounts(1);
  session.subscribe_account(rm::AccountId{26001234}, 1);
  Heard heard;
  heard.take(session.on_open(1));
  for (std::size_t at = 0; at < stream.size(); at += piece) hear(session, heard, stream.substr(at, piece));
  if (const auto deadline = session.next_deadline()) heard.take(session.on_deadline(*deadline));
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (run(stream, piece).lines != run(stream, stream.size() + 1).lines) std::abort();
  return 0;
}
