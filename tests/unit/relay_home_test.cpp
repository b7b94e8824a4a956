// needs: faces
// A relay's home and a station's venues, through the command line: what is signed, kept, invited and refused.
#include <gtest/gtest.h>

#include "crypto/kem.hpp"
#include "crypto/rng.hpp"
#include "mix/invitation.hpp"
#include "relay/home.hpp"
#include "station/venues.hpp"
#include "support/cli_world.hpp"
#include "support/venue_text.hpp"

namespace sw::faces {
namespace {

using namespace sw::test;
namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Three relays' homes, their cards, and a venue of them.
struct Three {
  Three() {
    EXPECT_TRUE(crypto::start());
    std::vector<std::string> make{"venue", "make", "--out", venue};
    for (int i = 1; i <= 3; ++i) {
      const std::string number = std::to_string(i);
      const Ended made = run(i, {"relay", "init", "--operator", "Institute " + number, "--jurisdiction",
                                 "Land " + number, "--listen", "192.0.2." + number + ":7150", "--out", card(i)});
      EXPECT_EQ(made.exit, 0) << made.err;
      make.insert(make.end(), {"--relay", card(i)});
    }
    const Ended made = ran(folder.path, make);
    EXPECT_EQ(made.exit, 0) << made.err;
  }
  [[nodiscard]] fs::path home(int relay) const { return folder.path / ("relay" + std::to_string(relay)); }
  [[nodiscard]] std::string card(int relay) const { return folder.path / (std::to_string(relay) + ".card"); }
  [[nodiscard]] Ended run(int relay, std::vector<std::string> arguments) const {
    return ran(home(relay), std::move(arguments));
  }
  [[nodiscard]] Ended join(int relay) const { return run(relay, {"relay", "join", venue}); }

  Folder folder;
  std::string venue = folder.path / "v.venue";
};

TEST(Relay, InitMakesAHomeOnce) {
  const Three three;
  const std::vector<std::string> again{"relay", "init",     "--operator",     "X",     "--jurisdiction",
                                       "Y",     "--listen", "192.0.2.9:7150", "--out", three.card(9)};
  const std::string key = content(three.home(1) / "relay.key");
  EXPECT_EQ(key.size(), 128U);
  const Ended refused = three.run(1, again);
  EXPECT_EQ(refused.exit, 75);
  EXPECT_EQ(refused.err, "stillwire: there is a relay on this home already; choose another with --home\n");
  EXPECT_EQ(content(three.home(1) / "relay.key"), key);
  EXPECT_FALSE(fs::exists(three.card(9)));
  EXPECT_EQ(content(three.home(1) / "relay.card"), content(three.card(1)));
  struct stat found{};
  ASSERT_EQ(stat((three.home(1) / "relay.key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const std::string passphrase = three.folder.file("passphrase", "correct horse battery staple\n");
  const Ended station = three.run(1, {"init", "--party", "P", "--passphrase-file", passphrase});
  EXPECT_EQ(station.exit, 75);
  EXPECT_NE(station.err.find("a relay lives on this home"), std::string::npos);
  // A power cut between key and card: the same key goes on.
  fs::remove(three.home(1) / "relay.card");
  EXPECT_EQ(three.run(1, again).exit, 0);
  EXPECT_EQ(content(three.home(1) / "relay.key"), key);
  // A key that is gone is never made anew.
  fs::remove(three.home(1) / "relay.key");
  fs::remove(three.card(9));
  EXPECT_EQ(three.run(1, again).exit, 66);
  EXPECT_EQ(three.join(1).exit, 66);
}

TEST(Relay, InitRefusesWhatCannotStandOnACard) {
  Folder folder;
  const auto init = [&](const std::string& host, const std::string& listen) {
    return ran(folder.path / "new", {"relay", "init", "--operator", host, "--jurisdiction", "Y", "--listen", listen,
                                     "--out", folder.path / "card"});
  };
  EXPECT_EQ(init("a\x1b[2J", "192.0.2.1:7150").exit, 64);
  EXPECT_EQ(init("a", "example.org:7150").exit, 64);
  EXPECT_EQ(init("a", "0.0.0.0:7150").exit, 64);
  EXPECT_FALSE(fs::exists(folder.path / "new"));
  (void)folder.file("station.db", "");
  (void)chmod(folder.path.c_str(), 0700);
  const Ended station = ran(folder.path, {"relay", "init", "--operator", "a", "--jurisdiction", "b", "--listen",
                                          "192.0.2.1:7150", "--out", folder.path / "card"});
  EXPECT_EQ(station.exit, 75);
  EXPECT_NE(station.err.find("a station lives on this home"), std::string::npos);
}

TEST(Relay, JoinsInAnyOrderAndInvitesOnceAllHave) {
  const Three three;
  EXPECT_EQ(three.run(1, {"relay", "invite"}).exit, 75);
  for (const int relay : {3, 1, 2}) {
    const Ended joined = three.join(relay);
    EXPECT_EQ(joined.exit, 0) << joined.err;
    EXPECT_EQ(content(three.home(relay) / "relay.venue"), content(three.venue));
  }
  EXPECT_TRUE(mix::complete(*mix::read_venue(content(three.venue))));
  EXPECT_EQ(three.run(1, {"relay", "invite"}).exit, 75) << "its copy is from before relay 2 signed";
  const std::string whole = content(three.venue);
  EXPECT_EQ(three.join(1).exit, 0);
  EXPECT_EQ(content(three.venue), whole);
  EXPECT_EQ(three.run(2, {"relay", "invite"}).exit, 77);

  auto home = relay::Home::open(three.home(1));
  ASSERT_TRUE(home) << home.error().what;
  EXPECT_EQ(three.join(1).exit, 75) << "the home is held";
  const mix::InviteSecret secret = home->keys().invite.clone();
  const VenueId id = mix::id_of(*mix::read_venue(whole));
  {
    const auto inviting = relay::Home::open(three.home(1), relay::Home::Hold::invitations);
    EXPECT_EQ(three.run(1, {"relay", "invite"}).exit, 75) << "one at a time";
  }
  // Stations are invited while the relay runs.
  const std::string first = three.run(1, {"relay", "invite", "--count", "3"}).out;
  std::istringstream printed(first + three.run(1, {"relay", "invite"}).out);
  std::uint32_t serial = 0;
  for (std::string row; std::getline(printed, row); ++serial) {
    EXPECT_EQ(mix::check_invitation(secret, id, mix::invitation_from_text(row).value()), std::optional(serial));
  }
  EXPECT_EQ(serial, 4U);
  EXPECT_EQ(three.run(1, {"relay", "invite", "--count", "10001"}).exit, 64);
}

TEST(Relay, SignaturesFromCopiesComeTogether) {
  const Three three;
  const std::string draft = content(three.venue);
  EXPECT_EQ(three.join(1).exit, 0);
  std::ofstream(three.venue, std::ios::binary) << draft;  // the file went to relay 2 by another way
  EXPECT_EQ(three.join(2).exit, 0);
  EXPECT_EQ(three.join(1).exit, 0);
  const auto both = mix::read_venue(content(three.venue));
  EXPECT_TRUE(both && both->signatures[0] && both->signatures[1] && !both->signatures[2]);
}

TEST(Relay, JoinRefusesAndLeavesTheFileAsItWas) {
  const Three three;
  EXPECT_EQ(three.join(2).exit, 0);
  const std::string good = content(three.venue);
  const auto refused = [&](const std::string& text, int exit, const std::string& part) {
    std::ofstream(three.venue, std::ios::binary) << text;
    const Ended ended = three.join(1);
    EXPECT_EQ(ended.exit, exit) << part;
    EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
    EXPECT_EQ(content(three.venue), text);
    EXPECT_FALSE(fs::exists(three.home(1) / "relay.venue"));
  };
  std::string changed = good;
  refused(changed.replace(changed.find("stations 200"), 12, "stations 300"), 65, "signature 2 is not that relay's");
  // Drafts that nobody signed, with another of relay 1's terms.
  const std::string draft = good.substr(0, good.find("signature"));
  const auto with = [&](std::string from, std::string to) {
    std::string out = draft;
    return out.replace(out.find(from), from.size(), to);
  };
  refused(with("Institute 1", "Ministry"), 77, "with another operator than on its card");
  refused(with("Land 1", "Land 9"), 77, "with another jurisdiction than on its card");
  refused(with("192.0.2.1:", "192.0.2.9:"), 77, "with another address than on its card");
  crypto::SeededRng rng(5);
  const auto strangers = make_relays(3, rng);
  refused(mix::encode(make_venue(strangers)), 77, "this relay is not in this venue");
  auto mine = mix::read_relay_card(content(three.card(1)));
  ASSERT_TRUE(mine);
  auto venue = make_venue(strangers);
  venue.relays[0] = *mine;
  venue.relays[0].link = strangers[0].card.link;
  refused(mix::encode(venue), 77, "with another link key than on its card");
  venue.relays[0] = *mine;
  venue.epoch_rounds = 40;
  venue.lead_rounds = 20;
  refused(mix::encode(venue), 77, "of the control lane");
  if (!crypto::kem_available()) {
    venue = make_venue(strangers);
    venue.relays[0] = *mine;
    venue.suite = mix::Suite::x25519_mlkem768;
    refused(mix::encode(venue), 77, "no ML-KEM");
  }
  EXPECT_EQ(three.run(1, {"relay", "join", "-"}).exit, 64);
  refused("", 65, "line 1 of the venue file");
}

TEST(Relay, NothingLeavesThatTheHomeCannotKeep) {
  const Three three;
  const std::string alone = three.folder.path / "alone.venue";
  EXPECT_EQ(ran(three.folder.path, {"venue", "make", "--relay", three.card(1), "--out", alone}).exit, 0);
  const std::string draft = content(alone);
  // The venue's own folder takes files; only the home does not.
  const auto block = [&](const std::string& name) { fs::create_directories(three.home(1) / (name + ".new") / "in"); };
  block("relay.venue");
  const Ended refused = three.run(1, {"relay", "join", alone});
  EXPECT_EQ(refused.exit, 74);
  EXPECT_TRUE(refused.err.starts_with("stillwire: not signed: cannot write ")) << refused.err;
  EXPECT_EQ(content(alone), draft);
  fs::remove_all(three.home(1) / "relay.venue.new");
  EXPECT_EQ(three.run(1, {"relay", "join", alone}).exit, 0);
  block("relay.invite");
  const Ended none = three.run(1, {"relay", "invite"});
  EXPECT_EQ(none.exit, 74);
  EXPECT_EQ(none.out, "");
}

TEST(Relay, AnotherVenueOnlyWithReplace) {
  const Three three;
  EXPECT_EQ(three.join(1).exit, 0);
  const std::string other = three.folder.path / "other.venue";
  EXPECT_EQ(ran(three.folder.path, {"venue", "make", "--relay", three.card(1), "--out", other}).exit, 0);
  const Ended refused = three.run(1, {"relay", "join", other});
  EXPECT_EQ(refused.exit, 75);
  EXPECT_NE(refused.err.find("with --replace"), std::string::npos);
  EXPECT_EQ(three.run(1, {"relay", "join", other, "--replace"}).exit, 0);
  EXPECT_EQ(three.run(1, {"relay", "invite"}).exit, 0);
}

TEST(Venue, MakeRefusesAndSaysWhatToChange) {
  const Three three;
  const auto make = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"venue", "make", "--out", three.folder.path / "m.venue"};
    all.insert(all.end(), more.begin(), more.end());
    const Ended ended = ran(three.folder.path, all);
    EXPECT_EQ(fs::exists(three.folder.path / "m.venue"), ended.exit == 0);
    return std::pair(ended.exit, ended.err);
  };
  const std::string one = three.card(1);
  const std::string two = three.card(2);
  EXPECT_EQ(make({"--relay", one, "--relay", two, "--relay", one}).second,
            "stillwire: relays 1 and 3 have one id: each relay of a venue must be a host of its own\n");
  EXPECT_EQ(make({"--relay", one, "--relay", two, "--noise", "none"}).first, 64);
  EXPECT_EQ(make({"--relay", one, "--noise", "small"}).first, 64);
  EXPECT_EQ(make({"--relay", one, "--relay", two, "--noise", "loud"}).first, 64);
  EXPECT_EQ(make({"--relay", one, "--round-ms", "49"}).first, 64);
  EXPECT_EQ(make({"--relay", one, "--stations", "1000001"}).first, 64);
  EXPECT_EQ(make({"--relay", three.venue}).first, 65);
  EXPECT_EQ(make({"--relay", three.folder.path / "none"}).first, 66);
  const auto narrow = make({"--relay", one, "--relay", two, "--epoch-rounds", "40"});
  EXPECT_EQ(narrow.first, 77);
  EXPECT_NE(narrow.second.find("would do"), std::string::npos) << narrow.second;
  EXPECT_EQ(make({"--relay", one, "--suite", "2"}).first, crypto::kem_available() ? 0 : 77);
  fs::remove(three.folder.path / "m.venue");
  EXPECT_EQ(make({"--relay", one, "--relay", two}).first, 0);
  EXPECT_EQ(ran(three.folder.path, {"venue", "make", "--relay", one, "--out", three.folder.path / "m.venue"}).exit, 75);
}

TEST(Venue, AStationKeepsOnlyWhatEveryRelaySigned) {
  const Three three;
  const fs::path home = three.folder.path / "station";
  fs::create_directory(home);
  fs::permissions(home, fs::perms::owner_all);
  const auto run = [&](const std::string& text) { return ran(home, words(text)); };
  EXPECT_EQ(run("venue ls").out, "no venues on this home; add one with: stillwire venue add VENUE\n");
  EXPECT_EQ(three.join(1).exit, 0);
  const Ended early = run("venue add " + three.venue);
  EXPECT_EQ(early.exit, 77);
  EXPECT_NE(early.err.find("not signed by relay 2 and 3"), std::string::npos) << early.err;
  EXPECT_EQ(three.join(2).exit, 0);
  EXPECT_EQ(three.join(3).exit, 0);
  EXPECT_EQ(run("venue add " + three.venue).exit, 0);
  const Ended again = run("venue add " + three.venue);
  EXPECT_EQ(again.exit, 0);
  EXPECT_NE(again.out.find("this home has it already"), std::string::npos);
  const std::string id = mix::id_of(*mix::read_venue(content(three.venue))).hex();
  EXPECT_EQ(run("venue ls").out, id + "   1000 ms   Institute 1 > Institute 2 > Institute 3\n");
  EXPECT_EQ(run("venue check").out, id + ".venue: right\n");
  const json shown = json::parse(run("venue show --json " + three.venue).out);
  EXPECT_EQ(shown["id"], id);
  EXPECT_EQ(shown["complete"], true);
  EXPECT_EQ(shown["relays"][2]["operator"], "Institute 3");

  const fs::path file = home / "venues" / (id + ".venue");
  const std::string kept = content(file);
  for (const std::size_t at : {std::size_t{20}, kept.size() / 2, kept.size() - 5}) {
    std::string changed = kept;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(file, std::ios::binary) << changed;
    EXPECT_EQ(run("venue check").exit, 65) << at;
    EXPECT_EQ(run("venue ls").out, id + ".venue   WRONG; see: stillwire venue check\n");
  }
  EXPECT_EQ(run("venue add " + three.venue).exit, 0);  // mends it
  EXPECT_EQ(run("venue check").exit, 0);
  fs::rename(file, home / "venues" / "another.venue");
  const Ended renamed = run("venue check");
  EXPECT_EQ(renamed.exit, 65);
  EXPECT_EQ(renamed.out.substr(0, renamed.out.find('\n')),
            "another.venue: WRONG: the file has the name of another venue");
  fs::rename(home / "venues" / "another.venue", file);
  fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(run("venue check").exit, 65);
  EXPECT_EQ(ran(three.folder.path / "none", {"venue", "add", three.venue}).exit, 66);
}

TEST(Venue, TheInvitationIsKeptBesideTheVenue) {
  const Three three;
  for (int n = 1; n <= 3; ++n) EXPECT_EQ(three.join(n).exit, 0);
  const fs::path home = three.folder.path / "station";
  fs::create_directory(home);
  fs::permissions(home, fs::perms::owner_all);
  const VenueId id = mix::id_of(*mix::read_venue(content(three.venue)));
  crypto::SeededRng rng(7);
  const auto secret = mix::InviteSecret::random(rng);
  const std::string first = mix::to_text(mix::make_invitation(secret, id, 1));
  const std::string second = mix::to_text(mix::make_invitation(secret, id, 2));
  const fs::path kept = home / "venues" / (id.hex() + ".token");
  EXPECT_EQ(ran(home, {"venue", "add", three.venue, "--token", first}).exit, 0);
  EXPECT_EQ(content(kept), first + "\n");
  EXPECT_EQ(fs::status(kept).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const fs::path file = three.folder.path / "invitation";
  std::ofstream(file, std::ios::binary) << second << "\n";
  EXPECT_EQ(ran(home, {"venue", "add", three.venue, "--token", file}).exit, 0);
  EXPECT_EQ(content(kept), second + "\n");
  for (const std::string& wrong : {std::string("SW1-INVITE:AAAA"), std::string("nothing"), three.venue}) {
    EXPECT_EQ(ran(home, {"venue", "add", three.venue, "--token", wrong}).exit, 65) << wrong;
    EXPECT_EQ(content(kept), second + "\n");
  }
  EXPECT_EQ(ran(home, {"venue", "check"}).out, id.hex() + ".venue: right\n");
}

TEST(Venue, AHomeHoldsSixtyFour) {
  ASSERT_TRUE(crypto::start());
  Folder folder;
  crypto::SeededRng rng(64);
  const station::Home home{folder.path};
  for (std::size_t i = 0; i <= 64; ++i) {
    const auto relays = make_relays(1, rng);
    auto venue = make_venue(relays);
    sign_all(venue, relays);
    const auto added = station::add_venue(home, venue);
    EXPECT_EQ(added.has_value(), i < 64) << i;
    EXPECT_TRUE(added || added.error().code == Errc::full);
  }
}

}  // namespace
}  // namespace sw::faces
