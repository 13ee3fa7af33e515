#include "wrong_command.h"

#include <algorithm>
#include <vector>

namespace rm::apps {
namespace {

constexpr std::size_t kLongest = 200;

// Fit for one line of a terminal.
std::string shown(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

// The command that was meant, as deep as it was understood.
const CLI::App& asked(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : asked(*commands.front());
}

// "journal verify"; empty: none.
std::string words_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return {};
  const std::string before = words_of(*command.get_parent());
  return before.empty() ? command.get_name() : before + " " + command.get_name();
}

std::string full_name(const CLI::App& app, const std::string& words) {
  return words.empty() ? app.get_name() : app.get_name() + " " + words;
}

// The commands that may follow; where there are none, options and arguments.
std::vector<std::string> allowed_in(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* next : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(next->get_name());
  if (!names.empty()) return names;
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; }))
    names.push_back(option->get_name());
  return names;
}

}  // namespace

void refuse_empty_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;  // a flag
    option->check([option](const std::string& value) -> std::string {
      if (!value.empty()) return {};
      return std::string{"found an empty text (a variable that is not set?), allowed is a value"} +
             (option->get_required() ? "" : ", or to leave it out");
    });
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) refuse_empty_values(*command);
}

std::string wrong_command(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = asked(app);
  const std::string words = words_of(command), before = words.empty() ? "" : words + ": ";
  const auto unknown = command.remaining();
  const bool needs_more = command.get_require_subcommand_min() > 0;
  if (needs_more && unknown.empty()) return before + "which command? Allowed are " + joined(allowed_in(command));
  if (needs_more || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    return before + "found '" + shown(unknown.empty() ? error.what() : unknown.front()) + "', allowed are " +
           joined(allowed_in(command));
  return before + shown(error.what()) + "; '" + full_name(app, words) + " --help' says what is allowed";
}

}  // namespace rm::apps
