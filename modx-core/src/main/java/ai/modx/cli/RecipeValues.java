package ai.modx.cli;

import ai.modx.config.ConfigException;
import ai.modx.config.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The recipe of a command line, if it names one: fills in what the command line leaves open, and places errors in the file. */
final class RecipeValues {

    /** They steer the command line itself, not what is computed. */
    private static final List<String> NOT_IN_RECIPES = List.of(RecipeOption.CONFIG, StandardOptions.HELP, StandardOptions.VERSION,
            StandardOptions.VERBOSE, StandardOptions.QUIET);

    private final CommandArguments arguments;
    private final Optional<Recipe> recipe;

    private RecipeValues(CommandArguments arguments, Optional<Recipe> recipe) {
        this.arguments = arguments;
        this.recipe = recipe;
    }

    /** @throws ConfigException if the recipe cannot be read or has an unknown key */
    static RecipeValues of(CommandArguments arguments) {
        boolean takesRecipes = arguments.command().findOption(RecipeOption.CONFIG) != null;
        Optional<String> file = takesRecipes && !arguments.askForHelp() ? arguments.value(RecipeOption.CONFIG) : Optional.empty();
        return new RecipeValues(arguments, file.map(path -> Recipe.read(Path.of(path), allowed(arguments))));
    }

    /** Command line and recipe together. */
    CommandArguments merged() {
        return recipe.map(values -> arguments.withDefaults(values.values())).orElse(arguments);
    }

    /** An error about a flag, with file and line in front where the value came from the recipe. */
    String located(String flag, String problem) {
        String name = flag.startsWith("--") ? flag.substring(2) : flag;
        return recipe.filter(values -> values.values().containsKey(name) && !arguments.has(flag))
                .map(values -> values.error(name, problem).getMessage())
                .orElse(problem);
    }

    /** Whether a recipe may set a flag. */
    static boolean mayHold(String flag) {
        return !NOT_IN_RECIPES.contains(flag);
    }

    private static List<String> allowed(CommandArguments arguments) {
        return FlagSpelling.names(arguments.command()).stream().filter(name -> mayHold("--" + name)).toList();
    }
}
