#include "program.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "standard_output.h"
#include "wrong_command.h"

namespace rm::apps {
namespace {

int refuse(const CLI::App& app, int exit_code, const std::string& sentence) {
  std::cerr << app.get_name() << ": " << sentence << '\n';
  return exit_code;
}

int parse_and_work(CLI::App& app, int argc, char** argv, const std::function<int()>& work) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return refuse(app, kExitWrongCommand, wrong_command(app, error));
  }
  return work();
}

int catch_everything(CLI::App& app, int argc, char** argv, const std::function<int()>& work) {
  try {
    return parse_and_work(app, argc, argv, work);
  } catch (const std::exception& problem) {
    return refuse(app, kExitFailed,
                  std::string{"stopped by an error that was not foreseen, please report it: "} + problem.what());
  } catch (...) {
    return refuse(app, kExitFailed, "stopped by an error that was not foreseen and has no words, please report it");
  }
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work) {
  open_standard_files();
  StandardOutput output;
  refuse_empty_values(app);
  const int exit_code = catch_everything(app, argc, argv, work);
  const int lost = output.finish();
  // Who closes a pipe has read what he wanted: "| head -1".
  if (lost == 0 || lost == EPIPE) return exit_code;
  return refuse(app, exit_code == 0 ? kExitFailed : exit_code,
                std::string{"the output is not complete, standard output cannot be written: "} + std::strerror(lost));
}

}  // namespace rm::apps
