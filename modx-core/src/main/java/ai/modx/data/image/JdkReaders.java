package ai.modx.data.image;

import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The JDK's own ImageIO readers: a plug-in on the class path may decode to other bytes. */
final class JdkReaders {

    private JdkReaders() {}

    /**
     * @param format {@code jpeg} or {@code png}
     * @return a new reader, to be disposed of
     */
    static ImageReader open(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        throw new IllegalStateException("This Java runtime has no " + format
                + " reader. Run with a full JDK or JRE that contains the module java.desktop.");
    }
}
