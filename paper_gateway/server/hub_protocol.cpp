#include "paper_gateway/server/hub_protocol.h"

namespace paper {
namespace {

std::string ended(const Json& json) {
  return json.dump() + record_end;
}

Json of_type(HubMessageType type) {
  return Json::object().add("type", Json::integer(static_cast<int>(type)));
}

// Member names of the protocol itself are compared exactly.
const Json* exact(const Json& object, std::string_view name) {
  for (const auto& [key, value] : object.members()) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

bool RecordSplitter::feed(std::string_view bytes, std::vector<std::string>& records) {
  while (!bytes.empty()) {
    const auto end = bytes.find(record_end);
    const auto piece = bytes.substr(0, end);
    if (rest_.size() + piece.size() > max_client_record) return false;
    rest_ += piece;
    if (end == std::string_view::npos) return true;
    records.push_back(std::move(rest_));
    rest_.clear();
    bytes.remove_prefix(end + 1);
  }
  return true;
}

std::expected<HubMessage, std::string> parse_hub_message(std::string_view record) {
  const auto json = Json::parse(record);
  if (!json) return std::unexpected(json.error());
  if (!json->is_object()) return std::unexpected("a record must be an object");
  const auto* type = exact(*json, "type");
  if (type == nullptr || !type->as_integer()) return std::unexpected("a record needs an integer type");
  HubMessage message;
  const auto number = *type->as_integer();
  message.type = number >= 1 && number <= 7 ? static_cast<int>(number) : 0;
  if (const auto* id = exact(*json, "invocationId"); id != nullptr && !id->is_null()) {
    if (!id->is_string()) return std::unexpected("invocationId must be a string");
    message.invocation_id = id->as_string();
  }
  const bool invokes = message.type == static_cast<int>(HubMessageType::invocation) ||
                       message.type == static_cast<int>(HubMessageType::stream_invocation);
  if (!invokes) return message;
  const auto* target = exact(*json, "target");
  if (target == nullptr || !target->is_string()) return std::unexpected("an invocation needs a target");
  message.target = target->as_string();
  const auto* arguments = exact(*json, "arguments");
  if (arguments == nullptr || !arguments->is_array())
    return std::unexpected("an invocation needs an arguments array");
  message.arguments = arguments->items();
  return message;
}

std::optional<std::string> handshake_problem(std::string_view record) {
  const auto json = Json::parse(record);
  if (!json || !json->is_object()) return "Handshake data is not a JSON object.";
  const auto* protocol = exact(*json, "protocol");
  const auto* version = exact(*json, "version");
  if (protocol == nullptr || !protocol->is_string()) return "Missing required property 'protocol'.";
  if (version == nullptr || !version->as_integer()) return "Missing required property 'version'.";
  if (protocol->as_string() != "json") return "The protocol '" + protocol->as_string() + "' is not supported.";
  if (*version->as_integer() != 1) {
    return "The server does not support version " + version->number_text() + " of the 'json' protocol.";
  }
  return std::nullopt;
}

std::string handshake_record(const std::optional<std::string>& problem) {
  auto answer = Json::object();
  if (problem) answer.add("error", Json::string(*problem));
  return ended(answer);
}

std::string invocation_record(std::string_view target, Json::Array arguments) {
  return ended(of_type(HubMessageType::invocation)
                   .add("target", Json::string(target))
                   .add("arguments", Json::array(std::move(arguments))));
}

std::string completion_record(std::string_view invocation_id, const std::optional<std::string>& error) {
  auto json = of_type(HubMessageType::completion).add("invocationId", Json::string(invocation_id));
  if (error) json.add("error", Json::string(*error));
  return ended(json);
}

std::string ping_record() {
  return ended(of_type(HubMessageType::ping));
}

std::string close_record(const std::optional<std::string>& error, bool allow_reconnect) {
  auto json = of_type(HubMessageType::close);
  if (error) json.add("error", Json::string(*error));
  if (allow_reconnect) json.add("allowReconnect", Json::boolean(true));
  return ended(json);
}

}  // namespace paper
