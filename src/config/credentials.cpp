#include "config/credentials.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

#include "config/file.h"
#include "config/logins.h"
#include "config/yaml_text.h"
#include "config/yaml_tree.h"

namespace rm {
namespace {

constexpr std::string_view kUsername = "PROJECT_X_USERNAME";
constexpr std::string_view kApiKey = "PROJECT_X_API_KEY";
constexpr std::size_t kMaxFile = 64 * 1024;
constexpr unsigned kOthers = 077;  // every permission of group and others

// Wipes what was read on every way out.
struct Wiped {
  std::string& text;
  ~Wiped() { explicit_bzero(text.data(), text.size()); }
};

// A value that is sent in a request: line ends and the like are a slip of the editor, not part of a key.
bool is_usable(const Node& node) {
  return node.is_scalar() && !node.text.empty() && is_plain_text(node.text);
}

void wipe(Node& node) {
  explicit_bzero(node.text.data(), node.text.size());
  for (Node& item : node.items) wipe(item);
  for (NodeEntry& entry : node.entries) wipe(entry.value);
}

Result<Credentials> take_keys(const Node& root, const std::string& file) {
  if (!root.is_map())
    return fail(ErrorCode::Malformed, file + ": allowed are the two lines 'username: …' and 'api_key: …'");
  Credentials out;
  for (const NodeEntry& entry : root.entries) {
    Secret* const target = entry.key == "username" ? &out.username : entry.key == "api_key" ? &out.api_key : nullptr;
    // Neither key nor value is shown: whoever writes "KEY: " in front of something may have written the key itself
    // there.
    if (target == nullptr)
      return fail(ErrorCode::Malformed,
                  fmt::format("{}:{}: unknown key, allowed username and api_key", file, entry.place.line));
    if (!target->empty())
      return fail(ErrorCode::Malformed,
                  fmt::format("{}:{}: '{}' is written twice", file, entry.place.line, entry.key));
    if (!is_usable(entry.value))
      return fail(ErrorCode::Malformed,
                  fmt::format("{}:{}: '{}' is not a text of one line", file, entry.place.line, entry.key));
    *target = Secret{entry.value.text};
  }
  if (out.username.empty() || out.api_key.empty())
    return fail(ErrorCode::MissingField,
                fmt::format("{}: '{}' is missing", file, out.username.empty() ? "username" : "api_key"));
  return out;
}

Result<Credentials> from_file(const std::string& file) {
  auto read = read_small_file(file, kMaxFile);
  if (!read) return fail(ErrorCode::Io, fmt::format("credentials file {}: {}", printable(file, 200), read.error()));
  const Wiped wiped{read->text};
  const std::string name = "credentials file " + printable(file, 200);
  if (read->owner != ::geteuid())
    return fail(ErrorCode::Refused,
                name + " belongs to another user; it must belong to the user who runs this program");
  if ((read->mode & kOthers) != 0)
    return fail(ErrorCode::Refused, fmt::format("{} is open to others (mode {:03o}); run: chmod 600 {}", name,
                                                read->mode, printable(file, 200)));
  if (!is_utf8(read->text)) return fail(ErrorCode::Malformed, name + " is not UTF-8 text");
  auto root = parse_yaml(read->text);
  if (!root) return fail(ErrorCode::Malformed, fmt::format("{}:{}: not YAML", name, root.error().line));
  auto out = take_keys(*root, name);
  wipe(*root);
  return out;
}

}  // namespace

Result<Credentials> load_credentials(Environment environment, const std::string& file, std::string_view login) {
  const std::string suffix = login.empty() ? "" : "_" + variable_suffix(login);
  const std::string username_variable = std::string{kUsername} + suffix, key_variable = std::string{kApiKey} + suffix;
  const auto username = find_variable(environment, username_variable);
  const auto api_key = find_variable(environment, key_variable);
  if (!username && !api_key) {
    if (!file.empty()) return from_file(file);
    return fail(ErrorCode::NotFound,
                fmt::format("no login{}: set {} and {}, or name an owner-only file as credentials_file",
                            login.empty() ? "" : fmt::format(" for '{}'", login), username_variable, key_variable));
  }
  if (!username || username->empty() || !api_key || api_key->empty()) {
    const bool no_name = !username || username->empty();
    return fail(ErrorCode::MissingField,
                fmt::format("{} is set, {} is not: set both or neither", no_name ? key_variable : username_variable,
                            no_name ? username_variable : key_variable));
  }
  for (const auto& [name, value] : {std::pair{username_variable, *username}, std::pair{key_variable, *api_key}}) {
    if (!is_plain_text(value)) return fail(ErrorCode::Malformed, fmt::format("{} is not a text of one line", name));
  }
  Credentials out;
  out.username = Secret{*username};
  out.api_key = Secret{*api_key};
  return out;
}

}  // namespace rm
