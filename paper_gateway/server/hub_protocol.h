// The SignalR JSON hub protocol, both ways: records end in byte 0x1E and hold one JSON object each.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/server/json.h"

namespace paper {

inline constexpr char record_end = '\x1e';
inline constexpr std::size_t max_client_record = 32 * 1024;  // bytes, without the record end

// Puts records together again: several may come in one piece, one in several pieces.
class RecordSplitter {
 public:
  // Appends each complete record, without its end. False: a record longer than max_client_record.
  bool feed(std::string_view bytes, std::vector<std::string>& records);

 private:
  std::string rest_;
};

enum class HubMessageType {
  invocation = 1,
  stream_item = 2,
  completion = 3,
  stream_invocation = 4,
  cancel_invocation = 5,
  ping = 6,
  close = 7,
};

// What a client sent. Types this gateway has no use for keep only their number.
struct HubMessage {
  int type = 0;
  std::optional<std::string> invocation_id;  // absent: no answer is wanted
  std::string target;
  Json::Array arguments;
};

std::expected<HubMessage, std::string> parse_hub_message(std::string_view record);

// Nothing when the handshake asks for the JSON protocol, version 1; else the error the client is told.
std::optional<std::string> handshake_problem(std::string_view record);

// Records ready to be sent, their end included.
std::string handshake_record(const std::optional<std::string>& problem);
std::string invocation_record(std::string_view target, Json::Array arguments);
std::string completion_record(std::string_view invocation_id, const std::optional<std::string>& error);
std::string ping_record();
std::string close_record(const std::optional<std::string>& error, bool allow_reconnect);

}  // namespace paper
