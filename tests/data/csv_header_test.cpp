// Whether the first row is a header where nobody says so, and what is said of it.
#include "neurone/data/csv_header.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "neurone/core/error.h"
#include "neurone/data/csv.h"
#include "tests/support/message_of.h"

namespace neurone {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> sought;
  bool has_header;
  bool is_doubtful;
};

const std::string regions = "1.5,2.5,blue,yes\n2.5,3.5,red,no\n3.5,4.5,blue,yes\n4.5,5.5,red,no\n";

class Headers : public testing::TestWithParam<Case> {};

TEST_P(Headers, are_told_from_data) {
  const auto& [name, text, sought, has_header, is_doubtful] = GetParam();
  const Table table = parse_csv(text, "t.csv", {}, {.names = sought});
  EXPECT_EQ(table.names().back() != "column_" + std::to_string(table.columns()), has_header) << table.names().back();
  EXPECT_EQ(!table.reading().doubts.empty(), is_doubtful) << testing::PrintToString(table.reading().doubts);
}

INSTANTIATE_TEST_SUITE_P(
    All, Headers,
    testing::Values(Case{"Names", "a,b\n1,2\n", {}, true, false},
                    Case{"NamesAboveTexts", "name,city\nEva,Rom\nUwe,Bonn\nEva,Bonn\nUwe,Rom\n", {}, true, false},
                    Case{"ANumberInARow", "5.1,setosa\n4.9,setosa\n4.7,setosa\n", {}, false, false},
                    Case{"NumbersAlone", "5,3\n4,3\n4,1\n", {}, false, false},
                    Case{"ANameThatIsSought", "2019,target\n1,x\n", {"target"}, true, false},
                    Case{"ANumberThatIsSought", "2019,2020\n1,2\n3,4\n", {"2020"}, true, false},
                    Case{"YearsAboveTextsThatRecur", "2019,2020,region,target\n" + regions, {}, true, true},
                    Case{"TheSameWithAMadeUpName", "2019,2020,region,target\n" + regions, {"column_4"}, true, true},
                    Case{"ATextAboveNumbers", "2019,size\n1.5,2\n2.5,3\n", {}, true, true},
                    Case{"DatesAboveNumbers", "place,2020-01-01,2020-02-01\nRom,1,2\nBonn,3,4\n", {}, true, true},
                    Case{"CountedColumns", "0,1,2,3,4\n1.5,2,3,4,5\n2.5,3,4,5,6\n", {}, true, true},
                    Case{"CountedColumnsBesideAnIndex", ",0,1\n0,1.5,2\n1,2.5,3\n", {}, true, true},
                    Case{"TwoThatCountMayBeData", "0,1\n1,0\n1,1\n0,0\n", {}, false, true},
                    Case{"YearsAboveFractions", "2019,2020\n1.5,2.5\n3.5,4.5\n", {}, false, true},
                    Case{"AMissingValueAboveNumbers", "5.1,NA\n4.9,2\n4.7,3\n", {}, false, false},
                    Case{"AWordAboveNumbersBesideAFraction", "5.1,unknown\n4.9,2\n4.7,3\n", {}, false, false},
                    Case{"EqualCellsAreNoNames", "2,2,x\n1,3,y\n2,3,x\n3,3,y\n", {}, false, false},
                    Case{"TextsThatStandBelow", "blue,yes\nred,no\nblue,no\nred,yes\nblue,yes\n", {}, false, true},
                    Case{"DecimalCommasAreNumbers", "1,5;2,5\n2,5;3,5\n", {}, false, true},
                    Case{"DatesAreValues", "2020-01-01;Rom\n2020-01-02;Rom\n2020-01-03;Rom\n", {}, false, false},
                    Case{"OneRowOfNumbers", "1,2\n", {}, false, false}),
    [](const auto& each) { return each.param.name; });

TEST(Header, what_was_taken_and_how_to_say_otherwise_is_said) {
  EXPECT_EQ(
      parse_csv("2019,2020,region,target\n" + regions, "t.csv").reading().doubts,
      (std::vector<std::string>{"the first row was taken for the header, because 'region' does not recur below it, "
                                "where all else does: --header no says otherwise"}));
  EXPECT_EQ(parse_csv("2019,2020\n1.5,2.5\n", "t.csv").reading().header,
            "the first row was taken for data, because '2019' is a number: --header yes says otherwise");
  EXPECT_EQ(message_of<UsageError>([] { parse_csv("2019,2020\n1,2\n", "t.csv").column("target"); }),
            "t.csv: unknown column 'target', expected one of: column_1, column_2 (the first row was taken for data, "
            "because '2019' is a number: --header yes says otherwise)");
}

TEST(Header, nothing_is_said_where_it_was_said) {
  const Table table = parse_csv("2019,2020\n1.5,2.5\n", "t.csv", {.header = false});
  EXPECT_TRUE(table.reading().doubts.empty());
  EXPECT_EQ(table.reading().header, "");
}

TEST(Header, the_columns_of_a_model_decide) {
  const SoughtColumns nameless{.names = {"column_1", "column_2"}, .are_a_models = true};
  EXPECT_EQ(parse_csv("x,y\nz,w\n", "t.csv", {}, nameless).rows(), 2U);
  EXPECT_EQ(parse_csv("column_1,column_2\nz,w\n", "t.csv", {}, nameless).rows(), 1U);
  const SoughtColumns years{.names = {"2019", "2020"}, .are_a_models = true};
  const Table table = parse_csv("2020,2019\n1.5,2.5\n", "t.csv", {}, years);
  EXPECT_EQ(table.names(), (std::vector<std::string>{"2020", "2019"}));
  EXPECT_TRUE(table.reading().doubts.empty());
}

TEST(Header, one_column_and_apostrophes_are_said) {
  EXPECT_NE(parse_csv("a b\n1 2\n3 4\n", "t.csv").reading().doubts.at(0).find("--separator space"),
            std::string::npos);
  EXPECT_NE(parse_csv("a,b\n'x',1\n'y',2\n", "t.csv").reading().doubts.at(0).find("--quote"), std::string::npos);
}

}  // namespace
}  // namespace neurone
