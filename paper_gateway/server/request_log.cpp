#include "paper_gateway/server/request_log.h"

#include <algorithm>
#include <array>

namespace paper {
namespace {

constexpr std::array<std::string_view, 7> secrets{"apiKey",   "password", "verifyKey",      "token",
                                                  "newToken", "appId",    "connectionToken"};

void hide(Json& json) {
  if (json.is_array()) {
    for (auto& item : json.items()) hide(item);
  } else if (json.is_object()) {
    for (auto& member : json.members()) {
      const std::string& name = member.first;
      Json& value = member.second;
      const bool secret = std::ranges::any_of(secrets, [&name](auto s) { return equal_ignoring_case(s, name); });
      if (secret && !value.is_null()) {
        value = Json::string("[redacted]");
      } else {
        hide(value);
      }
    }
  }
}

}  // namespace

std::string redacted(std::string_view body) {
  constexpr std::size_t longest = 64 * 1024;
  if (body.empty()) return {};
  const auto length_only = "[" + std::to_string(body.size()) + " bytes]";
  if (body.size() > longest) return length_only;
  auto json = Json::parse(body);
  if (!json || json->is_string()) return length_only;
  hide(*json);
  return json->dump();
}

Json to_json(const LoggedRequest& entry) {
  return Json::object()
      .add("seq", Json::integer(entry.seq))
      .add("monotonicNs", Json::integer(entry.received_ns))
      .add("answeredNs", entry.answered_ns == 0 ? Json{} : Json::integer(entry.answered_ns))
      .add("paperTime", Json::string(hub_time(entry.paper_time)))
      .add("method", Json::string(entry.method))
      .add("path", Json::string(entry.path))
      .add("body", Json::string(entry.body))
      .add("status", Json::integer(entry.status))
      .add("response", Json::string(entry.response));
}

Json to_json(const LoggedEvent& entry) {
  return Json::object()
      .add("seq", Json::integer(entry.seq))
      .add("monotonicNs", Json::integer(entry.sent_ns))
      .add("paperTime", Json::string(hub_time(entry.paper_time)))
      .add("hub", Json::string(entry.hub))
      .add("target", Json::string(entry.target))
      .add("record", Json::string(entry.record));
}

}  // namespace paper
