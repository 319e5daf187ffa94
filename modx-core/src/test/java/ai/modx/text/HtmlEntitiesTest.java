package ai.modx.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are those of Python's html.unescape. */
class HtmlEntitiesTest {

    private static final HtmlEntities ENTITIES = HtmlEntities.load();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no reference|no reference",
        "&amp;amp;|&amp;",
        "&amp|&",
        "&notit;|\u00acit;",
        "&notin;|\u2209",
        "&hearts|&hearts",
        "&hearts;|\u2665",
        "&acE;|\u223e\u0333",
        "&unknown; &; &|&unknown; &; &",
        "&#65;&#x42;&#X43|ABC",
        "&#128;&#129;&#159;|\u20ac\u0081\u0178",
        "&#0;&#xD800;&#x110000;&#99999999999999999999;|\ufffd\ufffd\ufffd\ufffd",
        "a&#1;&#x7f;&#xfdd0;&#xffff;&#x1fffe;&#11;b|ab",
        "&#128512;|\ud83d\ude00",
        "&lt;$1\\&gt;|<$1\\>",
    })
    void matchesPython(String escaped, String expected) {
        assertThat(ENTITIES.unescape(escaped)).isEqualTo(expected);
    }
}
