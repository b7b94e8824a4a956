#pragma once
// A command is a row of a table: its words, its arguments, its function. The parser, the help and the shell
// completions are made from the same rows, so none of them can go stale.
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "faces/cli/client.hpp"
#include "faces/cli/render.hpp"

namespace sw::faces {

struct Argument {
  enum class Kind : std::uint8_t { flag, option, positional };
  Kind kind{};
  std::string name;   ///< "--line", or the word of a positional, "NAME"
  std::string value;  ///< what an option takes, "NAME"; "FILE" completes file names
  std::string help;
  bool required = false;
  bool many = false;
  bool number = false;                 ///< a whole number above 0
  std::vector<std::string> choices{};  ///< empty: any text

  [[nodiscard]] Argument needed() const {
    Argument out = *this;
    out.required = true;
    return out;
  }
  [[nodiscard]] Argument repeated() const {
    Argument out = *this;
    out.many = true;
    return out;
  }
  [[nodiscard]] Argument counted() const {
    Argument out = *this;
    out.number = true;
    return out;
  }
  [[nodiscard]] Argument one_of(std::vector<std::string> words) const {
    Argument out = *this;
    out.choices = std::move(words);
    return out;
  }
};

[[nodiscard]] inline Argument flag(std::string name, std::string help) {
  return {Argument::Kind::flag, std::move(name), "", std::move(help)};
}
[[nodiscard]] inline Argument option(std::string name, std::string value, std::string help) {
  return {Argument::Kind::option, std::move(name), std::move(value), std::move(help)};
}
[[nodiscard]] inline Argument positional(std::string name, std::string help) {
  return {Argument::Kind::positional, std::move(name), "", std::move(help)};
}

/// What the user gave, by the argument's name.
class Args {
 public:
  std::map<std::string, std::vector<std::string>> values;

  [[nodiscard]] bool has(const std::string& name) const { return values.contains(name); }
  /// The first value; empty when there is none.
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() ? std::string() : found->second.front();
  }
  [[nodiscard]] std::vector<std::string> all(const std::string& name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>() : found->second;
  }
  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t otherwise) const {
    return has(name) ? std::stoll(text(name)) : otherwise;
  }
};

/// Where a command runs and where it speaks.
struct Context {
  std::filesystem::path home;
  bool json = false;
  bool terminal = false;  ///< stdout is one
  bool colour = false;
  std::ostream& out;
  std::ostream& err;
  std::size_t width = 80;  ///< of the terminal

  /// Prints the API's JSON as it is, one line.
  void print(const nlohmann::json& answer) const;
  /// How to draw for people, at this moment.
  [[nodiscard]] Look look() const;
};

struct Command {
  std::string words;  ///< "pair offer"
  std::string help;
  std::vector<Argument> arguments;
  Outcome<int> (*run)(const Context&, const Args&);
};

/// The groups of the table; each lives in the file of its name.
void add_setup_commands(std::vector<Command>& table);
void add_process_commands(std::vector<Command>& table);
void add_pair_commands(std::vector<Command>& table);
void add_relay_commands(std::vector<Command>& table);
void add_venue_commands(std::vector<Command>& table);
void add_line_commands(std::vector<Command>& table);
void add_send_commands(std::vector<Command>& table);
void add_message_commands(std::vector<Command>& table);
void add_draft_commands(std::vector<Command>& table);
void add_paper_commands(std::vector<Command>& table);
void add_watch_commands(std::vector<Command>& table);
void add_desk_commands(std::vector<Command>& table);
void add_office_commands(std::vector<Command>& table);
void add_store_commands(std::vector<Command>& table);
void add_status_commands(std::vector<Command>& table);
void add_about_commands(std::vector<Command>& table);

[[nodiscard]] const std::vector<Command>& commands();

}  // namespace sw::faces
