import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import java.io.File;

/** Reads each file as com.typesafe:config does: a line `JSON` or `! its words` for each, in order. */
public class HoconOracle {
    public static void main(String[] files) {
        for (String file : files) {
            try {
                Config config = ConfigFactory.parseFile(new File(file),
                        ConfigParseOptions.defaults().setAllowMissing(false)).resolve();
                System.out.println(config.root().render(ConfigRenderOptions.concise()));
            } catch (ConfigException e) {
                System.out.println("! " + e.getMessage().replace('\n', ' '));
            }
        }
    }
}
