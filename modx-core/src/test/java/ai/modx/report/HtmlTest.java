package ai.modx.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void textAndAttributesCannotBecomeMarkup() {
        Html element = Html.of("p", "<script>a && \"b\"</script>").with("title", "\"><img onerror=x>&amp;");

        assertThat(element).hasToString("<p title=\"&quot;&gt;&lt;img onerror=x&gt;&amp;amp;\">&lt;script&gt;a &amp;&amp; \"b\"&lt;/script&gt;</p>");
    }

    @Test
    void whatIsNoCharacterOfAPageIsReplaced() {
        assertThat(Html.of("p", "a\0b\u001b[1m\ud800c\td\ne\ud83d\ude00")).hasToString("<p>a\ufffdb\ufffd[1m\ufffdc\td\ne\ud83d\ude00</p>");
    }

    @Test
    void elementsAreNestedInOrder() {
        assertThat(Html.of("div").text("1").add(Html.of("b", "2"), Html.of("img").with("width", 3)).text("4"))
                .hasToString("<div>1<b>2</b><img width=\"3\">4</div>");
    }

    @Test
    void aNameIsNeverTakenFromData() {
        assertThatThrownBy(() -> Html.of("p onclick=x")).hasMessage("'p onclick=x' cannot be the name of an element or attribute");
        assertThatThrownBy(() -> Html.of("p").with("a>b", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
