// One HTTP request and its answer, free of any network library. Bytes in a request are as hostile as they came.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paper {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  // "POST"
  std::string target;  // path and query as sent
  Pairs headers;       // names as sent
  std::string body;

  std::string path() const;                                        // without the query
  std::optional<std::string> header(std::string_view name) const;  // case ignored
  std::optional<std::string> query(std::string_view name) const;   // percent-decoded; first of that name
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  // empty with an empty body
  std::string body;
  Pairs headers;                  // besides Content-Type, Content-Length, Date, Connection
  bool close_unanswered = false;  // close the connection instead of answering
};

std::string percent_decoded(std::string_view text);  // '+' is a blank; a broken escape is kept as it is

}  // namespace paper
